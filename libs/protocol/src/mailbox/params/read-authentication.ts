import { fromHex } from '#crypto'
import { type AccountId, USER_PREFIX } from '../accounts/account-id.ts'
import { type Authentication, type Subaccount } from '../authentication/authentication.ts'
import { TOKEN_LENGTH } from '../authentication/token.ts'
import { fromBase64 } from '../base64.ts'
import { invalidRequest } from '../rpc-error.ts'
import { type Binary, readBinary, required } from './fields.ts'
import { type Params } from './params.ts'

const SIGNATURE_LENGTH = 64

/** The authentication of a request that needs it. Throws `RpcError` 400 (mailbox RPC §2.2, §5). */
export function readAuthentication(params: Params, account: AccountId): Authentication {
  const fields = readFields(params)
  return {
    ...readOwner(fields.signature, fields.pubkeyEd25519, account),
    ...(isGiven(fields.subaccount) && { subaccount: toSubaccount(fields.subaccount, fields.subaccountSignature) }),
  }
}

/** The authentication of a request that an owner alone may make: subaccount fields are ignored. */
export function readOwnerAuthentication(params: Params, account: AccountId): Authentication {
  return readOwner(readBinary(params, 'signature'), readBinary(params, 'pubkey_ed25519'), account)
}

/** The authentication if a `signature` is given; otherwise nothing but the types of the other fields matters. */
export function readOptionalAuthentication(params: Params, account: AccountId): Authentication | undefined {
  return readFields(params).signature === undefined ? undefined : readAuthentication(params, account)
}

function readFields(params: Params): Record<keyof Authentication | 'subaccountSignature', Binary | undefined> {
  return {
    pubkeyEd25519: readBinary(params, 'pubkey_ed25519'),
    signature: readBinary(params, 'signature'),
    subaccount: readBinary(params, 'subaccount'),
    subaccountSignature: readBinary(params, 'subaccount_sig'),
  }
}

function readOwner(signature: Binary | undefined, key: Binary | undefined, account: AccountId): Authentication {
  const given = required(signature, 'signature')
  const pubkeyEd25519 = isGiven(key) ? toKey(key, account) : undefined
  const bytes = toSignature(given)
  if (bytes === undefined) {
    throw invalidRequest('invalid signature: expected base64 encoded Ed25519 signature')
  }
  return pubkeyEd25519 === undefined ? { signature: bytes } : { signature: bytes, pubkeyEd25519 }
}

function toKey(value: Binary, account: AccountId): Uint8Array {
  if (account.prefix !== USER_PREFIX) {
    throw invalidRequest('pubkey_ed25519 is only permitted for 05[...] pubkeys')
  }
  const bytes = typeof value === 'string' ? fromHex(value, 32) : value
  if (bytes?.length !== 32) throw invalidRequest('invalid pubkey_ed25519: expected 64 hex digits (32 bytes)')
  return bytes
}

function toSubaccount(token: Binary, signature: Binary | undefined): Subaccount {
  if (!isGiven(signature)) {
    throw invalidRequest('invalid subaccount: subaccount_sig is required when using subaccount')
  }
  const tokenBytes = toToken(token)
  if (tokenBytes === undefined) {
    throw invalidRequest('invalid subaccount: expected base64 or hex-encoded subaccount token')
  }
  const signatureBytes = toSignature(signature)
  if (signatureBytes === undefined) {
    throw invalidRequest('invalid subaccount signature: expected base64 encoded Ed25519 signature')
  }
  return { token: tokenBytes, signature: signatureBytes }
}

/** A token of 48 base64 or 72 hex characters, or 36 raw bytes. Base64 with padding gives fewer bytes, as in other servers. */
export function toToken(value: Binary): Uint8Array | undefined {
  if (typeof value !== 'string') return value.length === TOKEN_LENGTH ? value : undefined
  if (value.length === 2 * TOKEN_LENGTH) return fromHex(value, TOKEN_LENGTH)
  return value.length === 48 ? fromBase64(value) : undefined
}

function toSignature(value: Binary): Uint8Array | undefined {
  if (typeof value === 'string' && value.length !== 86 && value.length !== 88) return undefined
  const bytes = typeof value === 'string' ? fromBase64(value) : value
  return bytes?.length === SIGNATURE_LENGTH ? bytes : undefined
}

function isGiven(value: Binary | undefined): value is Binary {
  return value !== undefined && value.length > 0
}
