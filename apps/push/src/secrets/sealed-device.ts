import { type Crypto, fromUtf8, utf8 } from '#crypto'
import { UnreadableDeviceError } from '../errors.ts'

/** What the relay has to know of a device to wake it. */
export interface Device {
  /** Token as the subscription gave it. */
  readonly token: string
  /** What the subscription gave beside it; mostly empty. */
  readonly serviceData: Uint8Array
  /** Key that payloads are encrypted with, 32 bytes. */
  readonly encryptionKey: Uint8Array
}

const NONCE_LENGTH = 24
const TAG_LENGTH = 16
const KEY_LENGTH = 32
const TOKEN_LENGTH_BYTES = 2

/**
 * Seals and opens devices with one 32-byte key: nonce (24) ‖ XChaCha20-Poly1305 of (encryption key (32) ‖ length of the token (2,
 * big-endian) ‖ token ‖ service data).
 */
export class DeviceSealer {
  constructor(
    private readonly crypto: Crypto,
    private readonly key: Uint8Array,
  ) {}

  seal({ token, serviceData, encryptionKey }: Device): Uint8Array {
    const { crypto, key } = this
    const text = utf8(token)
    const plaintext = new Uint8Array(KEY_LENGTH + TOKEN_LENGTH_BYTES + text.length + serviceData.length)
    plaintext.set(encryptionKey)
    plaintext[KEY_LENGTH] = text.length >> 8
    plaintext[KEY_LENGTH + 1] = text.length
    plaintext.set(text, KEY_LENGTH + TOKEN_LENGTH_BYTES)
    plaintext.set(serviceData, KEY_LENGTH + TOKEN_LENGTH_BYTES + text.length)
    const nonce = crypto.randomBytes(NONCE_LENGTH)
    const sealed = new Uint8Array(NONCE_LENGTH + plaintext.length + TAG_LENGTH)
    sealed.set(nonce)
    sealed.set(crypto.xchacha20Poly1305.encrypt(key, nonce, plaintext), NONCE_LENGTH)
    return sealed
  }

  /** Throws `UnreadableDeviceError` for what was not sealed with this key. */
  open(sealed: Uint8Array): Device {
    const plaintext = this.#decrypt(sealed)
    const tokenStart = KEY_LENGTH + TOKEN_LENGTH_BYTES
    const tokenEnd = tokenStart + (plaintext[KEY_LENGTH] ?? 0) * 256 + (plaintext[KEY_LENGTH + 1] ?? 0)
    const token = tokenEnd > plaintext.length ? undefined : fromUtf8(plaintext.subarray(tokenStart, tokenEnd))
    if (token === undefined) throw new UnreadableDeviceError('a sealed device does not hold a token')
    return { encryptionKey: plaintext.subarray(0, KEY_LENGTH), token, serviceData: plaintext.subarray(tokenEnd) }
  }

  #decrypt(sealed: Uint8Array): Uint8Array {
    if (sealed.length < NONCE_LENGTH + KEY_LENGTH + TOKEN_LENGTH_BYTES + TAG_LENGTH) {
      throw new UnreadableDeviceError('a sealed device is too short')
    }
    try {
      const nonce = sealed.subarray(0, NONCE_LENGTH)
      return this.crypto.xchacha20Poly1305.decrypt(this.key, nonce, sealed.subarray(NONCE_LENGTH))
    } catch (cause) {
      throw new UnreadableDeviceError('a sealed device cannot be opened with this key', { cause })
    }
  }
}
