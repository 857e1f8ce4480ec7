import { fromHex, utf8 } from '#crypto'
import { ACCOUNT_ID_LENGTH, type AccountId, accountIdFromBytes } from '../accounts/account-id.ts'
import { invalidRequest } from '../rpc-error.ts'
import { type Binary, either, readBinary, required } from './fields.ts'
import { type Params } from './params.ts'

const WRONG_LENGTH = 'Pubkey must be 66 hex digits (33 bytes) long'

/** The `pubkey` of a request: 66 hex digits or 33 raw bytes. Throws `RpcError` 400 (mailbox RPC §2.1). */
export function readAccount(params: Params): AccountId {
  return toAccount(required(readBinary(params, 'pubkey'), 'pubkey'), WRONG_LENGTH)
}

/** The same, also under its alias `pubKey`; `text` is the reason of a method with a wording of its own. */
export function readAccountOrAlias(params: Params, text = WRONG_LENGTH): AccountId {
  return toAccount(required(either(params, readBinary, 'pubkey', 'pubKey'), 'pubkey'), text)
}

function toAccount(value: Binary, text: string): AccountId {
  const bytes = typeof value === 'string' ? fromText(value) : fromBytes(value)
  const account = bytes === undefined ? undefined : accountIdFromBytes(bytes)
  if (account === undefined) throw invalidRequest(text)
  return account
}

function fromText(text: string): Uint8Array | undefined {
  return text.length <= ACCOUNT_ID_LENGTH ? utf8(text) : fromHex(text, ACCOUNT_ID_LENGTH)
}

function fromBytes(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length === ACCOUNT_ID_LENGTH ? bytes : fromHex(String.fromCharCode(...bytes.subarray(0, 67)), 33)
}
