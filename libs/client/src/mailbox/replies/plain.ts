import { fromBase64, TOKEN_LENGTH } from '#protocol'
import { MailboxReplyError } from '../errors.ts'
import type { Expiries } from './changes.ts'
import { toExpiries } from './changes.ts'
import { asTexts, asTime, list, members } from './fields.ts'

/** What a node says of itself (mailbox RPC §4.11). */
export interface NodeInfo {
  readonly version: readonly number[]
  /** Its time in milliseconds. */
  readonly timestamp: number
  /** Major and minor number of the network's hard fork. */
  readonly hardFork: readonly number[]
}

/** Reads the answer to `info`. Throws `MailboxReplyError`. */
export function readInfo(body: unknown): NodeInfo {
  const { version, timestamp, hf } = members(body)
  const time = asTime(timestamp)
  if (time === undefined) throw new MailboxReplyError()
  return { version: numbers(version), timestamp: time, hardFork: numbers(hf) }
}

/** Reads the answer to `get_expiries` (mailbox RPC §4.8). Throws `MailboxReplyError`. */
export function readExpiries(requested: readonly string[], body: unknown): Expiries {
  const expiries = toExpiries(Object.entries(members(members(body)['expiries'])), requested)
  if (expiries === undefined) throw new MailboxReplyError()
  return expiries
}

/** Reads the answer to `revoked_subaccounts`: tokens of 36 bytes (mailbox RPC §4.10). Throws `MailboxReplyError`. */
export function readRevokedTokens(body: unknown): readonly Uint8Array[] {
  const tokens = asTexts(members(body)['revoked_subaccounts'])?.map(fromBase64)
  if (tokens === undefined) throw new MailboxReplyError()
  return tokens.map((token) => {
    if (token?.length !== TOKEN_LENGTH) throw new MailboxReplyError()
    return token
  })
}

function numbers(value: unknown): readonly number[] {
  const all = list(value)
  if (!all.every((item): item is number => typeof item === 'number')) throw new MailboxReplyError()
  return all
}
