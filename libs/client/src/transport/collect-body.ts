import { TransportError } from '../errors.ts'
import { MAX_REPLY_SIZE, type TransferProgress } from './transport.ts'

/** The whole of a body that arrives in pieces. Throws `TransportError` when it is longer than `MAX_REPLY_SIZE`. */
export async function collectBody(
  pieces: AsyncIterable<Uint8Array>,
  total: number | undefined,
  onProgress?: (progress: TransferProgress) => void,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > MAX_REPLY_SIZE) throw new TransportError('the answer is longer than any answer may be')
    parts.push(piece)
    onProgress?.({ direction: 'receiving', bytes, total })
  }
  const body = new Uint8Array(bytes)
  let offset = 0
  for (const part of parts) {
    body.set(part, offset)
    offset += part.length
  }
  return body
}

/** The number in a Content-Length header; undefined when there is none. */
export function contentLength(header: string | null | undefined): number | undefined {
  return header !== null && header !== undefined && /^[0-9]{1,15}$/.test(header) ? Number(header) : undefined
}
