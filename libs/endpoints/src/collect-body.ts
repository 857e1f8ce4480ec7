import { freeBytes } from '#crypto'
import type { RequestBody } from './endpoint.ts'
import { RequestTooLargeError } from './errors.ts'

/** The whole of a body of at most `limit` bytes. Throws `RequestTooLargeError` as soon as it is known to be longer. */
export async function collectBody(body: RequestBody, limit: number): Promise<Uint8Array> {
  if (body.length !== undefined && body.length > limit) throw new RequestTooLargeError(limit)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw new RequestTooLargeError(limit)
    chunks.push(chunk)
  }
  const only = chunks[0]
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length)
}

/** Reads a body of a known length into one array of exactly that length; undefined when it ends early. */
export async function fillFromBody(body: RequestBody, length: number): Promise<Uint8Array | undefined> {
  let whole: Uint8Array | undefined
  let offset = 0
  for await (const chunk of body) {
    if (offset + chunk.length > length) throw new RequestTooLargeError(length)
    // A short body arrives in one piece and needs no copy.
    if (offset === 0 && chunk.length === length) return chunk
    whole ??= Buffer.allocUnsafeSlow(length)
    whole.set(chunk, offset)
    offset += chunk.length
    freeBytes(chunk)
  }
  if (offset < length) return undefined
  return whole ?? new Uint8Array(0)
}
