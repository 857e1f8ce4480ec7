import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Crypto, fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import { type AccountId, parseAccountId } from './accounts/account-id.ts'

export interface KeyVector {
  readonly ed25519_seed: string
  readonly ed25519_public: string
  readonly account_id: string
}

export interface NodeVector {
  readonly swarm_id: string
  readonly ed25519_seed: string
  readonly ed25519_public: string
  readonly x25519_public: string
  readonly legacy_public: string
  readonly snode_address: string
  readonly ip: string
  readonly port_https: number
  readonly port_omq: number
}

export interface Step {
  readonly name: string
  readonly now: number
  readonly entry_node_ed25519: string
  readonly request?: { readonly method: string; readonly params: Readonly<Record<string, unknown>> }
  readonly raw_request?: string
  readonly signed_text?: string
  readonly signed_hex?: string
  readonly verify_key?: string
  readonly expect: { readonly code: number; readonly body: string | Readonly<Record<string, unknown>> }
}

export interface PagingVector {
  readonly message_sizes: readonly number[]
  readonly max_count: number | null
  readonly max_size: number | null
  readonly returned: number
  readonly more: boolean
}

export interface OriginVector {
  readonly name: 'message-hash' | 'swarm-space' | 'swarm-selection' | 'subaccount'
  readonly account_id: string
  readonly namespace: number
  readonly data: string
  readonly hash: string
  readonly position: string
  readonly swarm_ids: readonly string[]
  readonly selected: string
  readonly group_seed: string
  readonly member_ed25519_seed: string
  readonly group_id: string
  readonly member_session_id: string
  readonly message_text: string
  readonly subaccount: string
  readonly subaccount_sig: string
  readonly signature: string
}

export interface MailboxVectors {
  readonly nodes: readonly NodeVector[]
  readonly accounts: Readonly<Record<'user' | 'second_user' | 'group' | 'user_of_another_swarm', KeyVector>>
  readonly server: {
    readonly hf: readonly [number, number]
    readonly version: readonly [number, number, number]
    readonly height: number
    readonly swarm_ids: readonly string[]
    readonly home_swarm: string
  }
  readonly message_hashes: readonly {
    name: string
    account_id: string
    namespace: number
    hash: string
    data_length: number
    data?: string
    data_rule?: string
  }[]
  readonly swarm_space: readonly { name: string; pubkey32: string; position: string; position_hex: string }[]
  readonly swarm_selection: readonly { swarm_ids: string[]; pubkey32: string; position: string; selected: string }[]
  readonly namespaces: readonly {
    namespace: number
    public_inbox: boolean
    public_outbox: boolean
    noauth_retrieve: boolean
    unrevocable_retrieve: boolean
  }[]
  readonly ed25519_to_session_id: readonly {
    ed25519_public: string
    session_id: string
    ed25519_from_x_sign0: string
  }[]
  readonly ed25519_to_session_id_negative: readonly { name: string; ed25519_public: string; convertible: boolean }[]
  readonly group_subaccounts: {
    readonly tokens: readonly {
      name: string
      token: string
      token_base64: string
      prefix: number
      flags: number
      signature: string
    }[]
    readonly member_ed25519_seed: string
    readonly member_ed25519_public: string
    readonly blinded: {
      readonly group_seed: string
      readonly member_ed25519_seed: string
      readonly member_session_id: string
      readonly blind_factor_k: string
      readonly admin_auth_data_100: string
      readonly token: string
      readonly token_signature: string
      readonly message_text: string
      readonly signature: string
    }
  }
  readonly transcript: readonly Step[]
  readonly paging: { readonly cases: readonly PagingVector[] }
  readonly monitor: {
    readonly cases: readonly {
      name: string
      now_seconds: number
      signed_text: string
      request_bencoded: string
      reply: { success: number } | { errcode: number; error: string }
      reply_bencoded: string
    }[]
    readonly list_request: { request_bencoded: string; reply_bencoded: string }
    readonly notification: {
      with_data: string
      without_data: string
      fields: { '@': string; h: string; n: number; t: number; z: number; '~': string }
    }
  }
  readonly active_nodes_bin: { readonly version: readonly [number, number, number]; blob: string; count: number }
  readonly origin: readonly OriginVector[]
}

const path = join(import.meta.dirname, '../../../../test/vectors/mailbox.json')

/** The published vectors of the mailbox formats. */
export const vectors = JSON.parse(readFileSync(path, 'utf8')) as MailboxVectors

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

/** The account of an id that is known to be right. */
export function account(text: string): AccountId {
  const id = parseAccountId(text)
  if (id === undefined) throw new Error('no account id')
  return id
}

/** The text of a request as it goes over the wire. */
export function requestText(step: Step): string {
  return step.raw_request ?? JSON.stringify(step.request, (_name, value: unknown) => expand(value))
}

/** Long texts stand in the vectors as `{"repeat":…,"count":…}`. */
function expand(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('repeat' in value) || !('count' in value)) return value
  return String(value.repeat).repeat(Number(value.count))
}
