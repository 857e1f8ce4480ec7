import { type Crypto, InvalidPublicKeyError } from '#crypto'
import {
  ACCOUNT_ID_LENGTH,
  accountIdFromBytes,
  type AccountId,
  isKeyOfUser,
  USER_PREFIX,
} from '../../mailbox/accounts/account-id.ts'
import { type Subaccount } from '../../mailbox/authentication/authentication.ts'
import { TOKEN_LENGTH } from '../../mailbox/authentication/token.ts'
import { type JsonMembers } from '../../onion/json-members.ts'
import { PushErrorCode, PushRequestError } from '../errors.ts'
import { type TokenRule } from '../token-rules/device-token.ts'
import { failed, hasField, readBytes, readField, readInteger, readText } from './fields.ts'
import { type PushRequestContext } from './push-request-context.ts'

const KEY_LENGTH = 32
const SIGNATURE_LENGTH = 64

/** Whose signature is to be verified. */
export interface PushAuthentication {
  readonly account: AccountId
  /** The Ed25519 key of the account's owner, 32 bytes. */
  readonly ownerKey: Uint8Array
  readonly subaccount?: Subaccount
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** What subscriptions and unsubscriptions have in common, read but for the token, and not verified. */
export interface DeviceRequest {
  readonly authentication: PushAuthentication
  /** In seconds. */
  readonly signedAt: number
  readonly service: string
  readonly serviceInfo: unknown
  readonly rule: TokenRule
}

/** Reads the common fields in the order of push §2.2. Throws `PushRequestError`. */
export function readDeviceRequest(members: JsonMembers, context: PushRequestContext): DeviceRequest {
  const authentication = readAuthentication(members, context)
  const signedAt = readInteger(members, 'sig_ts')
  const service = readText(members, 'service')
  const serviceInfo = readField(members, 'service_info')
  const rule = context.services.get(service)
  if (rule === undefined) {
    const text = `${service} notification service not currently available`
    throw new PushRequestError(PushErrorCode.ServiceNotAvailable, text)
  }
  return { authentication, signedAt, service, serviceInfo, rule }
}

function readAuthentication(members: JsonMembers, context: PushRequestContext): PushAuthentication {
  const account = readAccount(members)
  const userKey = account.prefix === USER_PREFIX ? readBytes(members, 'session_ed25519', KEY_LENGTH) : undefined
  const subaccount = readSubaccount(members)
  const signature = readBytes(members, 'signature', SIGNATURE_LENGTH)
  if (userKey !== undefined) requireKeyOfUser(context, account, userKey)
  return { account, ownerKey: userKey ?? account.key, ...(subaccount && { subaccount }), signature }
}

function readAccount(members: JsonMembers): AccountId {
  const account = accountIdFromBytes(readBytes(members, 'pubkey', ACCOUNT_ID_LENGTH))
  if (account === undefined) throw new RangeError('an account id of the right length is none')
  return account
}

/** A `subaccount_sig` without `subaccount` is not looked at. */
function readSubaccount(members: JsonMembers): Subaccount | undefined {
  if (!hasField(members, 'subaccount')) return undefined
  const token = readBytes(members, 'subaccount', TOKEN_LENGTH)
  if (!hasField(members, 'subaccount_sig')) throw failed('Cannot specify subaccount without subaccount_sig')
  return { token, signature: readBytes(members, 'subaccount_sig', SIGNATURE_LENGTH) }
}

function requireKeyOfUser(context: PushRequestContext, account: AccountId, key: Uint8Array): void {
  const isOwnKey = context.isKeyOfUser ?? ((id, candidate) => isKeyOfUser(context.crypto, id, candidate))
  if (isOwnKey(account, key)) return
  throw failed(
    isConvertible(context.crypto, key)
      ? 'account_id/session_ed25519 mismatch: session_ed25519 does not convert to given account_id'
      : 'Failed to convert session_ed25519 to x25519 pubkey',
  )
}

function isConvertible(crypto: Crypto, key: Uint8Array): boolean {
  try {
    crypto.ed25519.toX25519PublicKey(key)
    return true
  } catch (error) {
    if (error instanceof InvalidPublicKeyError) return false
    throw error
  }
}
