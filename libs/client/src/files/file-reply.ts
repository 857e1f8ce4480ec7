import { fromUtf8 } from '#crypto'
import { isRecord } from '../nodes/json-reply.ts'
import type { V4Reply } from '#protocol'
import { FileReplyError } from './errors.ts'

/** What a server knows of a file (files §2.5). Times are Unix seconds. */
export interface FileInfo {
  /** Bytes of the encrypted blob; undefined when the server does not say. */
  readonly size: number | undefined
  readonly uploaded: number
  readonly expires: number
}

/** The JSON object in a reply. Throws `FileReplyError`. */
export function parseJsonReply(reply: V4Reply): Readonly<Record<string, unknown>> {
  const text = fromUtf8(reply.body)
  if (text === undefined) throw new FileReplyError()
  const value = parse(text)
  if (!isRecord(value)) throw new FileReplyError()
  return value
}

/** Size and times in a reply. Throws `FileReplyError`. */
export function parseFileInfo(reply: V4Reply): FileInfo {
  const { size, uploaded, expires } = parseJsonReply(reply)
  if (typeof uploaded !== 'number' || typeof expires !== 'number') throw new FileReplyError()
  return { size: typeof size === 'number' ? size : undefined, uploaded, expires }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FileReplyError()
  }
}
