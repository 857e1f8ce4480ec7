import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Crypto, fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'

export interface LayerVector {
  readonly name: string
  readonly enc_type: string
  readonly client_private: string
  readonly client_public: string
  readonly server_private: string
  readonly server_public: string
  readonly shared_secret: string
  readonly symmetric_key: string
  readonly nonce: string
  readonly plaintext: string
  readonly ciphertext: string
  readonly overhead: number
}

export interface NodeVector {
  readonly label: string
  readonly ed25519_seed: string
  readonly ed25519_public: string
  readonly x25519_private: string
  readonly x25519_public: string
}

export interface PathLayerVector {
  readonly enc_type: string
  readonly ephemeral_private: string
  readonly ephemeral_public: string
  readonly shared_secret: string
  readonly symmetric_key: string
  readonly nonce: string
  readonly control_json: string | null
  readonly plaintext: string
  readonly ciphertext: string
}

export type TraceVector =
  | {
      readonly node: string
      readonly kind: 'relay'
      readonly next_node_ed25519: string
      readonly forwarded_payload: string
      readonly next_ephemeral_key: string
      readonly next_enc_type: string
      readonly omq_body: string
    }
  | { readonly node: string; readonly kind: 'proxy'; readonly url: string; readonly post_body: string }
  | {
      readonly node: string
      readonly kind: 'final'
      readonly rpc_body: string
      readonly json: boolean
      readonly base64: boolean
    }

export type DestinationVector =
  | ({ readonly type: 'snode' } & NodeVector)
  | {
      readonly type: 'server'
      readonly host: string
      readonly target: string
      readonly protocol: 'http' | 'https'
      readonly port: number
      readonly x25519_private: string
      readonly x25519_public: string
    }

export interface PathVector {
  readonly name: string
  readonly style: 'cpp' | 'js'
  readonly hops: readonly NodeVector[]
  readonly inner_plaintext: string
  readonly destination: DestinationVector
  readonly layers_inside_out: readonly PathLayerVector[]
  readonly guard_control_json: string
  readonly guard_http: { readonly body: string; readonly length: number }
  readonly trace_guard_to_end: readonly TraceVector[]
  readonly reply: {
    readonly enc_type: string
    readonly symmetric_key: string
    readonly nonce: string
    readonly plaintext: string
    readonly plaintext_text: string
    readonly ciphertext: string
    readonly wire: string
    readonly wire_encoding: 'base64' | 'raw (hex here)'
  }
  readonly server_sees?: {
    readonly frame_blob: string
    readonly frame_control: { readonly ephemeral_key: string; readonly enc_type?: string }
    readonly decrypted: string
  }
  readonly v4_request?: { readonly meta: string; readonly body: string | null }
  readonly v4_reply?: { readonly meta: string; readonly body: string }
  readonly rpc_request?: string
}

export interface NegativeVector {
  readonly name: string
  readonly node: string
  readonly guard_http_body: string
  readonly expect:
    | {
        readonly encrypted_for_this_hop: false
        readonly http_status: number
        readonly body?: string
        readonly body_prefix?: string
      }
    | { readonly encrypted_for_this_hop: true; readonly outer_http_status: number; readonly inner_plaintext: string }
  readonly reply_key?: string
}

export type V4Vector =
  | {
      readonly name: string
      readonly valid: true
      readonly meta: string
      readonly body: string | null
      readonly encoded: string
    }
  | {
      readonly name: string
      readonly valid: false
      readonly encoded: string
      readonly reply_plaintext_meta: { readonly code: number; readonly headers: Readonly<Record<string, string>> }
      readonly reply_plaintext_body: string
    }

/** Values out of the public sources' own tests; which members are there depends on the name. */
export interface OriginVector {
  readonly name: string
  readonly client_private?: string
  readonly client_public?: string
  readonly server_private?: string
  readonly server_public?: string
  readonly x25519_private?: string
  readonly x25519_public?: string
  readonly enc_type?: string
  readonly ciphertext?: string
  readonly plaintext_text?: string | null
  readonly framed?: string
  readonly reply_symmetric_key?: string
  readonly reply_overhead?: number
  readonly overhead?: Readonly<Record<string, number>>
  readonly target?: string
  readonly allowed?: boolean
  readonly encoded_text?: string
}

export interface OnionVectors {
  readonly layers: readonly LayerVector[]
  readonly enc_type_names: {
    readonly accepted: Readonly<Record<string, string>>
    readonly default_when_absent: string
    readonly rejected: readonly string[]
  }
  readonly framing: readonly { name: string; blob: string; control: string; framed: string }[]
  readonly paths: readonly PathVector[]
  readonly v4_payloads: readonly V4Vector[]
  readonly target_filter: readonly { target: string; allowed: boolean }[]
  readonly negative: readonly NegativeVector[]
  readonly negative_replies: readonly { name: string; ciphertext: string; symmetric_key: string; enc_type: string }[]
  readonly quic_request_stream: {
    readonly note: string
    readonly command: string
    readonly success: string
    readonly error: string
  }
  readonly origin: readonly OriginVector[]
}

const path = join(import.meta.dirname, '../../../../test/vectors/onion.json')

/** The published vectors of the onion formats. */
export const vectors = JSON.parse(readFileSync(path, 'utf8')) as OnionVectors

/** Both implementations, for `describe.each`. */
export const implementations: readonly (readonly [string, Crypto])[] = [
  ['native', nativeCrypto],
  ['portable', portableCrypto],
]

/** Bytes of a hex text that is known to be right. */
export function hex(text: string | undefined): Uint8Array {
  const bytes = text === undefined ? undefined : fromHex(text)
  if (bytes === undefined) throw new Error('not hex')
  return bytes
}
