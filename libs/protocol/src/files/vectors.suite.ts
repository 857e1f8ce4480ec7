import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, type Crypto, fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'

export interface Pattern {
  readonly pattern_seed?: string
  readonly len: number
  readonly data_hex?: string
}

export interface FileVectors {
  readonly now: number
  readonly content_ids: readonly { name: string; data: Pattern; id_http: string; id_quic: string }[]
  readonly id_checks: readonly { id: string; extendable: boolean; well_formed: boolean }[]
  readonly urls: readonly {
    url: string
    id: string
    pubkey_ed25519: string | null
    deterministic: boolean
    host: string
  }[]
  readonly blinded_auth: {
    readonly account_seed: string
    readonly blinded_seed: string
    readonly blinded_ed25519: string
    readonly blinded_id: string
    readonly cases: readonly {
      name: string
      method: string
      path: string
      query: string
      headers: Record<string, string>
      signed_text: string
      expect: { auth: 'accepted' | 'anonymous' | 'rejected'; status: number; body?: string }
    }[]
  }
  readonly legacy_attachments: readonly {
    name: string
    plaintext: Pattern
    key: string
    iv: string
    padded: boolean
    padded_len: number
    size_field: number
    blob_len: number
    mac: string
    digest: string
    id_http: string
  }[]
  readonly legacy_padding: { samples: readonly [number, number][]; first_buckets: readonly number[]; cap: number }
  readonly legacy_avatars: readonly {
    name: string
    plaintext: Pattern
    profile_key: string
    iv: string
    blob_len: number
    sha256: string
  }[]
  readonly stream_encryption: readonly {
    name: string
    plaintext: Pattern
    seed32: string
    domain: 'attachment' | 'profile picture'
    header: string
    key: string
    padding: number
    blob_len: number
    sha256: string
    id_http: string
    id_quic: string
  }[]
  readonly stream_sizes: readonly [number, number, number, number][]
  readonly stream_negative: readonly {
    name: string
    key: string
    blob_b64: string
    ok: boolean
    plaintext_hex?: string
  }[]
}

const path = join(import.meta.dirname, '../../../../test/vectors/files.json')

/** The published vectors of the file formats. */
export const vectors = JSON.parse(readFileSync(path, 'utf8')) as FileVectors

/** Both implementations, for `describe.each`. */
export const implementations: readonly (readonly [string, Crypto])[] = [
  ['native', nativeCrypto],
  ['portable', portableCrypto],
]

/** Bytes of a hex text that is known to be right. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === undefined) throw new Error('not hex')
  return bytes
}

/** The data a vector describes: given in hex, or SHA-256(seed ‖ BE32(i)) for i = 0, 1, … cut to its length. */
export function patternBytes(pattern: Pattern): Uint8Array {
  if (pattern.data_hex !== undefined) return hex(pattern.data_hex)
  if (pattern.pattern_seed === undefined) throw new Error('the pattern has no seed')
  const seed = hex(pattern.pattern_seed)
  const blocks: Uint8Array[] = []
  for (let i = 0; i * 32 < pattern.len; i++) {
    const counter = new Uint8Array(4)
    new DataView(counter.buffer).setUint32(0, i)
    blocks.push(nativeCrypto.sha256(concat(seed, counter)))
  }
  return concat(...blocks).subarray(0, pattern.len)
}
