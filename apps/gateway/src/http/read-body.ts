import type { IncomingMessage } from 'node:http'
import { BodyTooLargeError, RequestAbortedError } from '../errors.ts'

/** Size, in bytes, of the first piece of memory for a body of unknown length. */
const FIRST_PIECE_LENGTH = 16_384

/** Says how many bytes of bodies the gateway takes on; `reserve` throws `ServerBusyError` when there are too many. */
export interface BodyReservation {
  reserve(bytes: number): void
}

/** Length that the headers announce: 0 without a body, undefined for a chunked one. Throws `BodyTooLargeError`. */
export function announcedLength({ headers }: IncomingMessage, limit: number): number | undefined {
  const text = headers['content-length']
  if (text === undefined) return headers['transfer-encoding'] === undefined ? 0 : undefined
  const length = Number(text)
  if (length > limit) throw new BodyTooLargeError()
  return length
}

/**
 * The whole body of `request` in one piece of memory, which is as long as announced and belongs to nobody else. Rejects with
 * `BodyTooLargeError` as soon as a chunked body exceeds `limit` bytes, with `ServerBusyError` from `reservation`, and with
 * `RequestAbortedError` when the client goes away.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  reservation: BodyReservation,
): Promise<Uint8Array> {
  const length = announcedLength(request, limit)
  if (length === 0) return new Uint8Array(0)
  const memory = new BodyMemory(length, limit, reservation)
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      // What still arrives is read and dropped, so that the client gets to its answer.
      request.off('data', take).resume()
      reject(error instanceof Error ? error : new RequestAbortedError({ cause: error }))
    }
    const take = (chunk: Buffer): void => {
      try {
        memory.add(chunk)
      } catch (error) {
        fail(error)
      }
    }
    request
      .on('data', take)
      .once('end', () => resolve(memory.whole()))
      .once('error', (cause) => reject(new RequestAbortedError({ cause })))
      .once('close', () => {
        // Every request closes in the end; an error costs a stack trace, which the usual case has no use for.
        if (!request.readableEnded) reject(new RequestAbortedError())
      })
  })
}

class BodyMemory {
  private bytes: Uint8Array
  private used = 0

  constructor(
    length: number | undefined,
    private readonly limit: number,
    private readonly reservation: BodyReservation,
  ) {
    const first = length ?? Math.min(FIRST_PIECE_LENGTH, limit)
    reservation.reserve(first)
    // Never out of the shared pool: layers are decrypted in place, and the memory goes to a socket as it is.
    this.bytes = Buffer.allocUnsafeSlow(first)
  }

  add(chunk: Uint8Array): void {
    const end = this.used + chunk.length
    if (end > this.limit) throw new BodyTooLargeError()
    if (end > this.bytes.length) this.grow(end)
    this.bytes.set(chunk, this.used)
    this.used = end
  }

  whole(): Uint8Array {
    return this.bytes.subarray(0, this.used)
  }

  private grow(needed: number): void {
    const length = Math.min(this.limit, Math.max(needed, 2 * this.bytes.length))
    this.reservation.reserve(length - this.bytes.length)
    const larger = Buffer.allocUnsafeSlow(length)
    larger.set(this.bytes.subarray(0, this.used))
    this.bytes = larger
  }
}
