import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, type Crypto } from '#crypto'
import { hex } from '../mailbox/vectors.suite.ts'

export interface Expectation {
  readonly response: unknown
  /** Whether the text counts beside the code or what was done. */
  readonly message_exact: boolean
  /** The answer of the newer servers where it differs: the one that is given here. */
  readonly newest_version?: unknown
}

export interface RequestVector {
  readonly name: string
  readonly endpoint: '/subscribe' | '/unsubscribe'
  readonly body?: unknown
  readonly body_text?: string
  readonly signed_text?: string
  readonly expect: Expectation & { readonly accepted: boolean | null }
}

export interface SequenceVector {
  readonly name: string
  readonly steps: readonly (Pick<RequestVector, 'endpoint' | 'body'> & {
    readonly now: number
    readonly expect: Expectation
    readonly rows_after: number
  })[]
}

export interface FormVector {
  readonly metadata_text?: string
  readonly plaintext_b64: string
  readonly plaintext_len: number
  readonly padded_len: number
  readonly padded_b64: string
  readonly enc_payload: string
}

export interface PayloadVector {
  readonly name: string
  readonly enc_key: string
  readonly nonce: string
  readonly account: string
  readonly hash: string
  readonly namespace: number
  readonly timestamp_ms: number
  readonly expiry_ms: number
  readonly body_len: number | null
  readonly body_pattern_seed?: string
  readonly forms: Readonly<Partial<Record<'json_spaced' | 'json_compact_sorted' | 'bencoded_dict', FormVector>>>
}

export interface OnionVector {
  readonly name: string
  readonly server_x25519_priv: string
  readonly server_x25519_pub: string
  readonly ephemeral_priv: string
  readonly enc_type: 'xchacha20' | 'aes-gcm'
  readonly shared_key: string
  readonly request_plaintext_b64: string
  readonly request_body_b64: string
  readonly reply_nonce: string
  readonly reply_plaintext_b64: string
  readonly reply_http_body_b64: string
}

export interface PushVectors {
  readonly now: number
  readonly services: readonly string[]
  readonly keys: {
    readonly user: { readonly seed: string; readonly ed25519: string; readonly session_id: string }
    readonly group_admin: { readonly seed: string; readonly group_id: string }
    readonly group_member: { readonly seed: string; readonly ed25519: string }
  }
  readonly enc_key: string
  readonly tokens: Readonly<Record<'apns' | 'apns2' | 'firebase' | 'huawei', string>>
  readonly requests: readonly RequestVector[]
  readonly sequences: readonly SequenceVector[]
  readonly payloads: readonly PayloadVector[]
  readonly client_decode: readonly {
    readonly name: string
    readonly enc_key: string
    readonly enc_payload: string
    /** `null` where other clients differ. */
    readonly ok: boolean | null
  }[]
  readonly fcm_priority: readonly {
    readonly namespace: number
    readonly body_included: boolean
    readonly priority: 'high' | 'normal'
  }[]
  readonly dedupe: readonly {
    readonly service: string
    readonly svcid: string
    readonly hash: string
    readonly key: string
  }[]
  readonly upstream: Readonly<
    Record<
      'monitor_request_b64' | 'notify_message_b64' | 'notify_message_without_data_b64' | 'notifier_push_b64',
      string
    >
  >
  readonly swarm: readonly {
    readonly pubkey: string
    readonly swarm_space: string
    readonly swarm_ids: readonly string[]
    readonly chosen: string
  }[]
  readonly legacy_notifier_key: {
    readonly hivemind_priv: string
    readonly name: string
    readonly notifier_priv: string
  }
  readonly onion: readonly OnionVector[]
}

const path = join(import.meta.dirname, '../../../../test/vectors/push.json')

/** The published vectors of the push formats. */
export const vectors = JSON.parse(readFileSync(path, 'utf8')) as PushVectors

/** The body of a payload vector: SHA-256(seed ‖ counter) for 0, 1, 2 …, cut to its length. */
export function patternBody(
  crypto: Crypto,
  { body_len, body_pattern_seed = '' }: Pick<PayloadVector, 'body_len' | 'body_pattern_seed'>,
): Uint8Array | undefined {
  if (body_len === null) return undefined
  const seed = hex(body_pattern_seed)
  const blocks = Array.from({ length: Math.ceil(body_len / 32) }, (_, counter) => {
    const suffix = new Uint8Array(4)
    new DataView(suffix.buffer).setUint32(0, counter)
    return crypto.sha256(concat(seed, suffix))
  })
  return concat(...blocks).subarray(0, body_len)
}

/** What of an answer, or of each in a list, is to be compared where texts do not count. */
export function withoutText(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withoutText)
  return Object.fromEntries(Object.entries(answer as object).filter(([name]) => name !== 'message'))
}
