import { type Crypto, InvalidPublicKeyError } from '#crypto'
import { type BencodeValue } from '../../bencode/index.ts'
import { type AccountId, accountIdFromBytes, userAccountId } from '../accounts/account-id.ts'
import { type Subaccount } from '../authentication/authentication.ts'
import { TOKEN_LENGTH } from '../authentication/token.ts'
import { MAX_NAMESPACE, MIN_NAMESPACE } from '../namespaces.ts'
import { invalidArguments, MonitorError, MonitorErrorCode } from './monitor-error.ts'

/** Asks to be told of new messages of an account (mailbox RPC §8). Nothing in it is verified. */
export interface MonitorRequest {
  readonly account: AccountId
  /** The Ed25519 key of the owner, 32 bytes. */
  readonly ownerKey: Uint8Array
  readonly subaccount?: Subaccount
  /** Whether to send the data of messages too. */
  readonly withData: boolean
  /** Strictly ascending, at least one. */
  readonly namespaces: readonly number[]
  /** 64 bytes. */
  readonly signature: Uint8Array
  /** The time that the signature covers, in seconds. */
  readonly timestamp: number
}

type Dict = ReadonlyMap<string, BencodeValue>

/** Reads one dict of a subscription. The keys are read in byte order, and the first fault decides. Throws `MonitorError` (§8). */
export function parseMonitorRequest(crypto: Crypto, dict: Dict): MonitorRequest {
  const owner = readOwner(crypto, dict)
  const subaccount = readSubaccount(dict)
  const withData = readInteger(dict, 'd', 0) !== 0
  const namespaces = readNamespaces(dict)
  const account = readAccount(dict, owner?.account)
  const signature = readBytes(dict, 's') ?? missing('s')
  if (signature.length !== 64) {
    throw new MonitorError(MonitorErrorCode.Signature, 'Provided s= signature must be 64 bytes')
  }
  if (!dict.has('t')) throw invalidArguments('required signature timestamp is missing')
  const timestamp = readInteger(dict, 't', 0)
  const ownerKey = owner?.key ?? account.key
  return { account, ownerKey, ...(subaccount && { subaccount }), withData, namespaces, signature, timestamp }
}

function readOwner(crypto: Crypto, dict: Dict): { account: AccountId; key: Uint8Array } | undefined {
  const key = readBytes(dict, 'P')
  if (key === undefined) return undefined
  if (key.length !== 32) throw invalidKey('Provided P= Session Ed25519 pubkey must be 32 bytes')
  try {
    return { account: userAccountId(crypto, key), key }
  } catch (cause) {
    if (cause instanceof InvalidPublicKeyError) throw invalidKey('Invalid P= ed25519 public key', { cause })
    throw cause
  }
}

/** A token without a signature is not looked at. */
function readSubaccount(dict: Dict): Subaccount | undefined {
  const signature = readBytes(dict, 'S')
  if (signature === undefined) return undefined
  if (signature.length !== 64) throw invalidKey('Provided S subaccount signature must be 64 bytes')
  const token = readBytes(dict, 'T') ?? missing('T')
  if (token.length !== TOKEN_LENGTH) throw invalidKey('Provided T subaccount token must be 36 bytes')
  return { token, signature }
}

function readNamespaces(dict: Dict): readonly number[] {
  const list = dict.get('n') ?? missing('n')
  if (!Array.isArray(list)) throw invalidArguments('key n has the wrong type')
  const namespaces = list.map((item: BencodeValue) => {
    if (typeof item === 'number' && item >= MIN_NAMESPACE && item <= MAX_NAMESPACE) return item
    throw invalidArguments('key n has a value that is no namespace')
  })
  if (namespaces.length === 0) throw invalidArguments('key n is empty')
  if (namespaces.some((namespace, i) => i > 0 && namespace <= (namespaces[i - 1] ?? 0))) {
    throw new MonitorError(MonitorErrorCode.Namespaces, 'Invalid n= namespace list: namespaces must be ascending')
  }
  return namespaces
}

function readAccount(dict: Dict, owner: AccountId | undefined): AccountId {
  const bytes = readBytes(dict, 'p')
  if (bytes === undefined) {
    if (owner === undefined) throw invalidArguments('Either p= or P= must be given')
    return owner
  }
  if (owner !== undefined) throw invalidArguments('Cannot provide both p= and P= pubkey values')
  const account = accountIdFromBytes(bytes)
  if (account === undefined) throw invalidKey('Provided p= pubkey must be 33 bytes')
  return account
}

function readBytes(dict: Dict, key: string): Uint8Array | undefined {
  const value = dict.get(key)
  if (value === undefined || value instanceof Uint8Array) return value
  throw invalidArguments(`key ${key} has the wrong type`)
}

function readInteger(dict: Dict, key: string, absent: number): number {
  const value = dict.get(key) ?? absent
  if (typeof value === 'number') return value
  throw invalidArguments(`key ${key} has the wrong type`)
}

function missing(key: string): never {
  throw invalidArguments(`required key ${key} is missing`)
}

function invalidKey(text: string, options?: ErrorOptions): MonitorError {
  return new MonitorError(MonitorErrorCode.PublicKey, text, options)
}
