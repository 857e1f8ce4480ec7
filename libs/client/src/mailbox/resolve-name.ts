import { type Crypto, DecryptionError, fromHex, toHex, utf8 } from '#crypto'
import { type AccountId, accountIdFromBytes, toBase64 } from '#protocol'
import { ClientError } from '../errors.ts'
import { isRecord } from '../nodes/json-reply.ts'
import type { NodeAnswer } from '../onion/node-verdict.ts'
import { MailboxReplyError, NameDisputedError, NameNotFoundError } from './errors.ts'
import type { CallOptions, NodeCaller } from './node-caller.ts'
import { members } from './replies/fields.ts'

/** Type of the records that hold account ids (mailbox RPC §4.12). */
const ACCOUNT_RECORD = 0
const NONCE_LENGTH = 24
const ACCOUNT_LENGTH = 33
/** Nodes that must agree, and how many are asked until so many have answered. */
const AGREEING_NODES = 3
const MOST_NODES = 6

/** What a node knows of a name: the account, encrypted with the name, in lower-case hex; undefined when the name is not registered. */
export type NameRecord = { readonly value: string; readonly nonce: string } | undefined

/** The parameters of the `oxend_request` that asks for a name; upper and lower case are the same name. */
export function nameQuestion(crypto: Crypto, name: string): Readonly<Record<string, unknown>> {
  const hash = crypto.blake2b(utf8(name.toLowerCase()), { length: 32 })
  return { endpoint: 'ons_resolve', params: { type: ACCOUNT_RECORD, name_hash: toBase64(hash) } }
}

/** Reads what a node says of a name. Throws `MailboxReplyError`. */
export function readNameRecord(body: unknown): NameRecord {
  const { result } = members(body)
  const { encrypted_value: value, nonce } = isRecord(result) ? result : {}
  if (value === undefined && nonce === undefined) return undefined
  if (typeof value !== 'string' || typeof nonce !== 'string') throw new MailboxReplyError()
  return { value: value.toLowerCase(), nonce: nonce.toLowerCase() }
}

/**
 * The account that all the records name (mailbox RPC §4.12). Throws `NameDisputedError` when they differ, when there is none, or when it does
 * not open, and `NameNotFoundError` when the name is not registered.
 */
export function openName(crypto: Crypto, name: string, records: readonly NameRecord[]): AccountId {
  const [first] = records
  const isSame = records.every((record) => record?.value === first?.value && record?.nonce === first?.nonce)
  if (records.length === 0 || !isSame) throw new NameDisputedError()
  if (first === undefined) throw new NameNotFoundError()
  const nonce = fromHex(first.nonce, NONCE_LENGTH)
  const sealed = fromHex(first.value, ACCOUNT_LENGTH + crypto.xchacha20Poly1305.tagLength)
  if (nonce === undefined || sealed === undefined) throw new NameDisputedError()
  const account = accountIdFromBytes(decrypt(crypto, nameKey(crypto, name), nonce, sealed))
  if (account === undefined) throw new NameDisputedError()
  return account
}

/** The record of a name, as its owner makes it with a nonce of 24 bytes. */
export function sealName(crypto: Crypto, name: string, account: AccountId, nonce: Uint8Array): NameRecord {
  const value = crypto.xchacha20Poly1305.encrypt(nameKey(crypto, name), nonce, account.bytes)
  return { value: toHex(value), nonce: toHex(nonce) }
}

function nameKey(crypto: Crypto, name: string): Uint8Array {
  const text = utf8(name.toLowerCase())
  return crypto.blake2b(text, { length: 32, key: crypto.blake2b(text, { length: 32 }) })
}

function decrypt(crypto: Crypto, key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    return crypto.xchacha20Poly1305.decrypt(key, nonce, sealed)
  } catch (cause) {
    if (cause instanceof DecryptionError) throw new NameDisputedError({ cause })
    throw cause
  }
}

/** Asks nodes for a name until three have answered, and opens what they agree on. Throws as `openName` does, and what calling throws. */
export async function resolveName(
  crypto: Crypto,
  caller: NodeCaller,
  name: string,
  options: CallOptions = {},
): Promise<AccountId> {
  const rpc = { method: 'oxend_request', params: nameQuestion(crypto, name) }
  const read = ({ body }: NodeAnswer): NameRecord => readNameRecord(body)
  const records: NameRecord[] = []
  let failure: ClientError = new NameDisputedError()
  for (const { ed25519: node } of await caller.anyNodes(MOST_NODES)) {
    if (records.length === AGREEING_NODES) break
    try {
      records.push(await caller.call({ rpc: () => rpc, read }, { ...options, node }))
    } catch (error) {
      if (!(error instanceof ClientError) || options.signal?.aborted === true) throw error
      failure = error
    }
  }
  if (records.length < AGREEING_NODES) throw failure
  return openName(crypto, name, records)
}
