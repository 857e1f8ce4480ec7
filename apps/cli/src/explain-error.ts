import {
  AttachmentKeyError,
  ClientError,
  ContentMismatchError,
  FileNotFoundError,
  NameNotFoundError,
  NodeUnknownError,
  PushRefusedError,
  RequestAbortedError,
} from '#client'
import { DecryptionError } from '#crypto'
import { FileFormatError } from '#protocol'
import { CliError, EndpointRefusedError, NodeStatusError, PayloadUnreadableError } from './errors.ts'
import { ExitCode } from './exit-codes.ts'

/** What a person and the shell are told of an error. */
export interface Explanation {
  readonly code: string
  /** One sentence without full stop. */
  readonly sentence: string
  readonly exitCode: ExitCode
}

const SYSTEM_SENTENCES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens on this port; choose another with --port',
  EACCES: 'the file may not be read or written by this user',
  EPERM: 'the file may not be read or written by this user',
  EISDIR: 'a directory was named where a file is needed',
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is no directory',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
}

/** Turns any error into one sentence, a stable code and an exit code. */
export function explainError(error: unknown): Explanation {
  if (error instanceof RequestAbortedError) return explain(error, ExitCode.Interrupted)
  if (error instanceof FileNotFoundError || error instanceof NameNotFoundError) return explain(error, ExitCode.NotFound)
  if (error instanceof ContentMismatchError) return explain(error, ExitCode.Unreadable)
  if (error instanceof AttachmentKeyError || error instanceof FileFormatError) return explain(error, ExitCode.Usage)
  if (error instanceof NodeUnknownError) return explain(error, ExitCode.NotFound)
  if (error instanceof NodeStatusError) return explain(error, exitCodeOf(error.status))
  if (error instanceof PushRefusedError || error instanceof EndpointRefusedError) {
    return explain(error, ExitCode.Failure)
  }
  if (error instanceof PayloadUnreadableError) return explain(error, ExitCode.Unreadable)
  if (error instanceof ClientError) return explain(error, ExitCode.Network)
  if (error instanceof CliError) return explain(error, ExitCode.Usage)
  if (error instanceof DecryptionError) {
    const sentence = 'the file cannot be opened: the key is not that of this file, or the file is damaged'
    return { code: error.code, sentence, exitCode: ExitCode.Unreadable }
  }
  return explainSystemError(error)
}

/** 404 names nothing, other 4xx blame what was asked; but clock (406, 425), swarm (421) and rate (429) are the network's, like 5xx. */
function exitCodeOf(status: number): ExitCode {
  if (status === 404) return ExitCode.NotFound
  if ([406, 421, 425, 429].includes(status)) return ExitCode.Network
  return status >= 400 && status < 500 ? ExitCode.Failure : ExitCode.Network
}

function explain(error: { readonly code: string; readonly message: string }, exitCode: ExitCode): Explanation {
  return { code: error.code, sentence: error.message, exitCode }
}

function explainSystemError(error: unknown): Explanation {
  const code = systemCode(error)
  const sentence = SYSTEM_SENTENCES[code]
  if (sentence === undefined) {
    return { code, sentence: `unexpected fault (${code}); please report it`, exitCode: ExitCode.Failure }
  }
  return { code, sentence, exitCode: code === 'ENOENT' ? ExitCode.NotFound : ExitCode.Failure }
}

function systemCode(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
  return hasCode ? (error.code as string) : 'UNEXPECTED'
}
