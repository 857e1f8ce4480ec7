import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20 } from '@noble/ciphers/chacha.js'

import { concat } from '../bytes.ts'
import { SecretStreamTag } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { hchacha20 } from '../hchacha20.ts'
import { timingSafeEqual } from './timing-safe-equal.ts'

const BLOCK_LENGTH = 64
const MAC_LENGTH = 16

/**
 * State of libsodium's `crypto_secretstream_xchacha20poly1305` and its two steps (files §5.4). It is the same in both
 * directions: a key, and a nonce made of a 32-bit little-endian message counter and 8 bytes that each message changes.
 */
export class SecretStreamState {
  #key: Uint8Array
  readonly #nonce = new Uint8Array(12)
  readonly #counter = new DataView(this.#nonce.buffer)

  /** From a 32-byte key and a 24-byte header. */
  constructor(key: Uint8Array, header: Uint8Array) {
    this.#key = hchacha20(key, header.subarray(0, 16))
    this.#nonce.set(header.subarray(16), 4)
    this.#resetCounter()
  }

  /** Encrypted tag byte ‖ ciphertext ‖ 16-byte authenticator. */
  seal(plaintext: Uint8Array, tag: SecretStreamTag): Uint8Array {
    const tagBlock = this.#stream(tagBlockOf(tag), 1)
    const ciphertext = this.#stream(plaintext, 2)
    const mac = this.#authenticate(tagBlock, ciphertext)
    const message = concat(tagBlock.subarray(0, 1), ciphertext, mac)
    this.#advance(mac, tag)
    return message
  }

  /** Plaintext and tag of a message of at least 17 bytes; throws `DecryptionError` and leaves the state as it was. */
  open(message: Uint8Array): { plaintext: Uint8Array; tag: SecretStreamTag } {
    const ciphertext = message.subarray(1, message.length - MAC_LENGTH)
    const tagBlock = this.#stream(tagBlockOf(message[0]!), 1)
    const tag = tagBlock[0] as SecretStreamTag
    tagBlock[0] = message[0]!
    const mac = this.#authenticate(tagBlock, ciphertext)
    if (!timingSafeEqual(mac, message.subarray(message.length - MAC_LENGTH))) throw new DecryptionError()
    const plaintext = this.#stream(ciphertext, 2)
    this.#advance(mac, tag)
    return { plaintext, tag }
  }

  #stream(data: Uint8Array, block: number): Uint8Array {
    return chacha20(this.#key, this.#nonce, data, undefined, block)
  }

  #authenticate(tagBlock: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const key = this.#stream(new Uint8Array(BLOCK_LENGTH), 0).subarray(0, 32)
    // libsodium pads by (length mod 16) and not up to a multiple of 16; its format cannot change any more.
    const padding = new Uint8Array(ciphertext.length % 16)
    const lengths = new DataView(new ArrayBuffer(16))
    lengths.setBigUint64(8, BigInt(BLOCK_LENGTH + ciphertext.length), true)
    return poly1305
      .create(key)
      .update(tagBlock)
      .update(ciphertext)
      .update(padding)
      .update(new Uint8Array(lengths.buffer))
      .digest()
  }

  #advance(mac: Uint8Array, tag: number): void {
    for (let i = 0; i < 8; i++) this.#nonce[4 + i]! ^= mac[i]!
    const counter = (this.#counter.getUint32(0, true) + 1) >>> 0
    this.#counter.setUint32(0, counter, true)
    if ((tag & SecretStreamTag.Rekey) !== 0 || counter === 0) this.#rekey()
  }

  #rekey(): void {
    const next = this.#stream(concat(this.#key, this.#nonce.subarray(4)), 0)
    this.#key = next.slice(0, 32)
    this.#nonce.set(next.subarray(32), 4)
    this.#resetCounter()
  }

  #resetCounter(): void {
    this.#counter.setUint32(0, 1, true)
  }
}

function tagBlockOf(first: number): Uint8Array {
  const block = new Uint8Array(BLOCK_LENGTH)
  block[0] = first
  return block
}
