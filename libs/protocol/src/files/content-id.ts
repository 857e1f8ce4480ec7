import { concat, type Crypto, type IncrementalHash, utf8 } from '#crypto'
import { shortToBase64Url } from './base64.ts'

/** `SessionFileSvr` and two zero bytes: BLAKE2b salt of the HTTP server, BLAKE2b key of the QUIC server (files §2.2). */
const DOMAIN = concat(utf8('SessionFileSvr'), new Uint8Array(2))
const DIGEST_LENGTH = 33

/** Length in characters of a content id. */
export const CONTENT_ID_LENGTH = 44

/** Computes the content id of bytes that arrive piece by piece. */
export interface ContentIdHasher {
  update(data: Uint8Array): this
  /** The 44-character id; the object must not be used afterwards. */
  digest(): string
}

/** Content id of uploaded `bytes`: salted BLAKE2b-264 in URL-safe base64, 44 characters (files §2.2). */
export function contentId(crypto: Crypto, bytes: Uint8Array): string {
  return shortToBase64Url(crypto.blake2b(bytes, { length: DIGEST_LENGTH, salt: DOMAIN }))
}

/** The same id as `contentId`, for a body that is not in memory as a whole. */
export function createContentIdHasher(crypto: Crypto): ContentIdHasher {
  return new Hasher(crypto.createBlake2b({ length: DIGEST_LENGTH, salt: DOMAIN }))
}

/** Content id as the QUIC file server computes it, keyed instead of salted: another id for the same bytes (files §2.2). */
export function quicContentId(crypto: Crypto, bytes: Uint8Array): string {
  return shortToBase64Url(crypto.blake2b(bytes, { length: DIGEST_LENGTH, key: DOMAIN }))
}

class Hasher implements ContentIdHasher {
  constructor(private readonly hash: IncrementalHash) {}

  update(data: Uint8Array): this {
    this.hash.update(data)
    return this
  }

  digest(): string {
    return shortToBase64Url(this.hash.digest())
  }
}
