import { type Crypto, DecryptionError, SecretStreamTag, utf8 } from '#crypto'
import { AttachmentTooLargeError } from './errors.ts'
import { MAX_STREAM_PLAINTEXT } from './limits.ts'
import {
  ENCRYPTED_CHUNK_LENGTH,
  STREAM_CHUNK_LENGTH,
  STREAM_PREFIX_LENGTH,
  streamEncryptedLength,
  streamPaddingLength,
} from './stream-length.ts'

const MARK = 0x53
const PADDING_END = 0x01
const HEADER_LENGTH = 24

/** What a file is for: the same file gets unrelated keys as an attachment and as a profile picture. */
export type StreamDomain = 'attachment' | 'profile picture'

const PERSONALIZATION: Record<StreamDomain, Uint8Array> = {
  attachment: utf8('SessionAttachmnt'),
  'profile picture': utf8('Session_Prof_Pic'),
}

export interface StreamSecrets {
  /** The 32-byte Ed25519 seed of the account. */
  readonly seed: Uint8Array
  readonly domain: StreamDomain
  /** Largest plaintext in bytes; default 10,218,286, which encrypts to what servers accept. */
  readonly maxPlaintext?: number
}

export interface EncryptedStream {
  /** `S` ‖ header ‖ encrypted pieces. */
  readonly blob: Uint8Array
  /** The 32-byte key with which a receiver decrypts. */
  readonly key: Uint8Array
}

/** Header (24 bytes) and key (32 bytes) that belong to one account, file and domain (files §5.4). */
export function deriveStreamKey(
  crypto: Crypto,
  plaintext: Uint8Array,
  secrets: StreamSecrets,
): { readonly header: Uint8Array; readonly key: Uint8Array } {
  const hash = crypto.blake2b(plaintext, {
    length: HEADER_LENGTH + crypto.secretStream.keyLength,
    key: secrets.seed,
    personalization: PERSONALIZATION[secrets.domain],
  })
  return { header: hash.slice(0, HEADER_LENGTH), key: hash.slice(HEADER_LENGTH) }
}

/**
 * Encrypts a file in the stream scheme: the same account, file and domain always give the same bytes (files §5.4). Throws
 * `AttachmentTooLargeError`.
 */
export function encryptStream(crypto: Crypto, plaintext: Uint8Array, secrets: StreamSecrets): EncryptedStream {
  const limit = secrets.maxPlaintext ?? MAX_STREAM_PLAINTEXT
  if (plaintext.length > limit) throw new AttachmentTooLargeError(limit)
  const { header, key } = deriveStreamKey(crypto, plaintext, secrets)
  const padding = streamPaddingLength(plaintext.length)
  const padded = new Uint8Array(padding + plaintext.length)
  padded[padding - 1] = PADDING_END
  padded.set(plaintext, padding)

  const blob = new Uint8Array(streamEncryptedLength(plaintext.length))
  blob[0] = MARK
  blob.set(header, 1)
  const push = crypto.secretStream.createPush(key, header)
  let written = STREAM_PREFIX_LENGTH
  for (let read = 0; read < padded.length; read += STREAM_CHUNK_LENGTH) {
    const last = read + STREAM_CHUNK_LENGTH >= padded.length
    const tag = last ? SecretStreamTag.Final : SecretStreamTag.Message
    const message = push.push(padded.subarray(read, read + STREAM_CHUNK_LENGTH), tag)
    blob.set(message, written)
    written += message.length
  }
  return { blob, key }
}

/** The file in a stream blob; `key` is 32 bytes. Throws `DecryptionError`, for whatever cause (files §5.4). */
export function decryptStream(crypto: Crypto, blob: Uint8Array, key: Uint8Array): Uint8Array {
  const { overhead } = crypto.secretStream
  if (blob.length <= STREAM_PREFIX_LENGTH + overhead || blob[0] !== MARK) throw new DecryptionError()
  const pull = crypto.secretStream.createPull(key, blob.subarray(1, STREAM_PREFIX_LENGTH))
  const padded = new Uint8Array(blob.length)
  let written = 0
  for (let read = STREAM_PREFIX_LENGTH; read < blob.length; read += ENCRYPTED_CHUNK_LENGTH) {
    const message = blob.subarray(read, read + ENCRYPTED_CHUNK_LENGTH)
    if (message.length < overhead) throw new DecryptionError()
    const { plaintext, tag } = pull.pull(message)
    const last = read + ENCRYPTED_CHUNK_LENGTH >= blob.length
    if (last !== (tag === SecretStreamTag.Final)) throw new DecryptionError()
    padded.set(plaintext, written)
    written += plaintext.length
  }
  return withoutPadding(padded.subarray(0, written))
}

function withoutPadding(padded: Uint8Array): Uint8Array {
  const end = padded.findIndex((byte) => byte !== 0)
  if (end < 0 || padded[end] !== PADDING_END) throw new DecryptionError()
  return padded.subarray(end + 1)
}
