import type { Readable } from 'node:stream'
import { utf8 } from '#crypto'

/** What one hop answers: a status and a body that goes back to the client as it is (onion requests §7.1). */
export interface OnionReply {
  readonly status: number
  readonly body: Uint8Array | StreamedBody
}

/** A body that is still arriving. Whoever does not pass it on destroys the stream. */
export interface StreamedBody {
  /** Length in bytes, if it is known. */
  readonly length: number | undefined
  readonly stream: Readable
}

/** An answer of the path itself, not encrypted (onion requests §8.1). */
export function plainReply(status: number, text: string): OnionReply {
  return { status, body: utf8(text) }
}
