import { type Crypto, DecryptionError, fromUtf8 } from '#crypto'
import { BencodeError, type BencodeValue, decodeBencode } from '../../bencode/index.ts'
import { type AccountId, parseAccountId } from '../../mailbox/accounts/account-id.ts'
import { fromBase64 } from '../../mailbox/base64.ts'
import { MAX_NAMESPACE, MIN_NAMESPACE } from '../../mailbox/namespaces.ts'
import { parseJsonObject } from '../../onion/json-members.ts'
import { PushPayloadError } from '../errors.ts'

/** What a payload tells of a message. */
export interface PushPayload {
  readonly account: AccountId
  readonly hash: string
  readonly namespace?: number
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
  /** Milliseconds since the Unix epoch. */
  readonly expiry?: number
  /** Bytes of the stored message; absent if the subscription does not want the body. */
  readonly length?: number
  /** Whether the body was left out because it is too long. */
  readonly tooBig: boolean
  /** The stored message. */
  readonly body?: Uint8Array
}

/** What is given under a name, bytes as text; undefined when absent. */
type Metadata = (name: string) => unknown

/**
 * Opens an `enc_payload`, base64 with or without padding, by the device's key (32 bytes). Metadata may be JSON, in whatever order, or a bencoded
 * dict, as servers have written it over time (push §6, §6.1). Throws `PushPayloadError` for whatever cause.
 */
export function decryptPushPayload(crypto: Crypto, encryptionKey: Uint8Array, payload: string): PushPayload {
  const list = decodeList(withoutPadding(decrypt(crypto, encryptionKey, payload)))
  const [first, body] = list
  if (list.length > 2 || (body !== undefined && !(body instanceof Uint8Array))) {
    throw new PushPayloadError('the list of the payload is not of metadata and body')
  }
  return readPayload(readMetadata(first), body)
}

function decrypt({ xchacha20Poly1305: aead }: Crypto, key: Uint8Array, text: string): Uint8Array {
  const bytes = fromBase64(text)
  if (bytes === undefined) throw new PushPayloadError('the payload is not base64')
  if (bytes.length < aead.nonceLength + aead.tagLength) throw new PushPayloadError('the payload is too short')
  try {
    return aead.decrypt(key, bytes.subarray(0, aead.nonceLength), bytes.subarray(aead.nonceLength))
  } catch (cause) {
    if (cause instanceof DecryptionError) throw new PushPayloadError('the payload does not open', { cause })
    throw cause
  }
}

/** A list ends with a letter, so that all zeros at the end are padding. */
function withoutPadding(padded: Uint8Array): Uint8Array {
  let length = padded.length
  while (length > 0 && padded[length - 1] === 0) length--
  return padded.subarray(0, length)
}

function decodeList(bytes: Uint8Array): readonly BencodeValue[] {
  let value: BencodeValue
  try {
    value = decodeBencode(bytes)
  } catch (cause) {
    if (cause instanceof BencodeError) throw new PushPayloadError('the payload is no bencode', { cause })
    throw cause
  }
  if (!Array.isArray(value)) throw new PushPayloadError('the payload is no list')
  return value as readonly BencodeValue[]
}

function readMetadata(value: BencodeValue | undefined): Metadata {
  if (value instanceof Map) {
    const dict = value as ReadonlyMap<string, BencodeValue>
    return (name) => {
      const member = dict.get(name)
      return member instanceof Uint8Array ? fromUtf8(member) : member
    }
  }
  const members = value instanceof Uint8Array ? parseJsonObject(value) : undefined
  if (members === undefined) throw new PushPayloadError('the metadata is neither JSON object nor dict')
  return (name) => (Object.hasOwn(members, name) ? members[name] : undefined)
}

function readPayload(metadata: Metadata, body: Uint8Array | undefined): PushPayload {
  const id = metadata('@')
  const account = typeof id === 'string' ? parseAccountId(id) : undefined
  const hash = metadata('#')
  const timestamp = readInteger(metadata, 't')
  if (account === undefined) throw new PushPayloadError('the metadata names no account')
  if (typeof hash !== 'string' || hash === '') throw new PushPayloadError('the metadata has no hash')
  if (timestamp === undefined) throw new PushPayloadError('the metadata has no time')
  const namespace = readInteger(metadata, 'n', MIN_NAMESPACE, MAX_NAMESPACE)
  const expiry = readInteger(metadata, 'z')
  const length = readInteger(metadata, 'l', 0)
  const tooBig = readTooBig(metadata)
  if (body === undefined ? (length !== undefined) !== tooBig : tooBig || length !== body.length) {
    throw new PushPayloadError('the metadata and the body contradict each other')
  }
  return {
    account,
    hash,
    ...(namespace !== undefined && { namespace }),
    timestamp,
    ...(expiry !== undefined && { expiry }),
    ...(length !== undefined && { length }),
    tooBig,
    ...(body !== undefined && { body: Uint8Array.from(body) }),
  }
}

function readInteger(
  metadata: Metadata,
  name: string,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = metadata(name)
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new PushPayloadError(`${name} in the metadata is no integer that it can be`)
  }
  return value
}

/** A boolean in JSON, 0 or 1 in a dict. */
function readTooBig(metadata: Metadata): boolean {
  const value = metadata('B') ?? false
  if (typeof value === 'boolean') return value
  if (value === 0 || value === 1) return value === 1
  throw new PushPayloadError('B in the metadata is no boolean')
}
