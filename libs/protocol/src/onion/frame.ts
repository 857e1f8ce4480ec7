import { utf8 } from '#crypto'
import { FrameError } from './errors.ts'

/** A blob and the control that tells its reader what to do with it. Both are views of the parsed bytes. */
export interface Frame {
  readonly blob: Uint8Array
  readonly control: Uint8Array
}

/** `LE32(length of blob) ‖ blob ‖ control` (onion requests §2). */
export function encodeFrame(blob: Uint8Array, control: string | Uint8Array): Uint8Array {
  const tail = typeof control === 'string' ? utf8(control) : control
  const frame = new Uint8Array(4 + blob.length + tail.length)
  writeLength(frame, blob.length)
  frame.set(blob, 4)
  frame.set(tail, 4 + blob.length)
  return frame
}

/** Splits a frame without copying. Throws `FrameError` with the texts of onion requests §2. */
export function parseFrame(bytes: Uint8Array): Frame {
  if (bytes.length < 4) throw new FrameError('Unexpected payload size; expected ciphertext size')
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  const available = bytes.length - 4
  if (available < length) throw new FrameError(`Unexpected payload size ${available}, expected >= ${length}`)
  return { blob: bytes.subarray(4, 4 + length), control: bytes.subarray(4 + length) }
}

/** Writes the length prefix of a frame at its first four bytes. */
export function writeLength(frame: Uint8Array, blobLength: number): void {
  new DataView(frame.buffer, frame.byteOffset, 4).setUint32(0, blobLength, true)
}
