import {
  ControlError,
  type EncryptionType,
  FrameError,
  MAX_ONION_BODY_LENGTH,
  parseFrame,
  parseGuardControl,
} from '#protocol'
import { collectBody, fillFromBody } from '../collect-body.ts'
import type { RequestBody } from '../endpoint.ts'
import { RequestTooLargeError, SealedLayerError } from '../errors.ts'

/** A sealed request as it stands in its frame (onion requests §2, §5.2). */
export interface SealedFrame {
  /** The encrypted layer. */
  readonly blob: Uint8Array
  /** The client's X25519 key, 32 bytes. */
  readonly ephemeralKey: Uint8Array
  readonly encryptionType: EncryptionType
}

/** Bytes that a sealed body will take up in memory: what it announces, or the most it may have. */
export function memoryOf(body: RequestBody): number {
  if ((body.length ?? 0) > MAX_ONION_BODY_LENGTH) throw new RequestTooLargeError(MAX_ONION_BODY_LENGTH)
  return body.length ?? MAX_ONION_BODY_LENGTH
}

/** Reads and splits a frame, in one buffer of its announced length. Throws `SealedLayerError`. */
export async function readSealedFrame(body: RequestBody): Promise<SealedFrame> {
  const bytes =
    body.length === undefined ? await collectBody(body, MAX_ONION_BODY_LENGTH) : await fillFromBody(body, body.length)
  if (bytes === undefined) throw new SealedLayerError()
  try {
    const { blob, control } = parseFrame(bytes)
    const { ephemeralKey, encryptionType } = parseGuardControl(control)
    // Without a tag a server that answers differently for bad padding could be asked to decrypt; no client sends it to servers.
    if (encryptionType === 'aes-cbc') throw new SealedLayerError()
    return { blob, ephemeralKey, encryptionType }
  } catch (cause) {
    if (cause instanceof FrameError || cause instanceof ControlError) throw new SealedLayerError({ cause })
    throw cause
  }
}
