import type { V4Reply } from '#protocol'
import type { Outcome } from '../retry/retry.ts'
import { FileNotFoundError, FileRefusedError, FileServerError } from './errors.ts'

/** 404 is final, and so is 413, since the same bytes stay too many; anything else but 2xx is tried again (files §5.7). */
export function judgeFileReply(reply: V4Reply): Outcome<V4Reply> {
  if (reply.code >= 200 && reply.code <= 299) return { kind: 'done', value: reply }
  if (reply.code === 404) return { kind: 'abort', error: new FileNotFoundError() }
  if (reply.code === 413) return { kind: 'abort', error: new FileRefusedError() }
  return { kind: 'retry', error: new FileServerError(reply.code) }
}
