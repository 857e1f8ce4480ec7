import { fromUtf8, toHex } from '#crypto'
import { decodeBencode } from '../bencode/decode.ts'
import { encodeBencode } from '../bencode/encode.ts'
import { BencodeError } from '../bencode/errors.ts'
import type { BencodeValue } from '../bencode/value.ts'
import { type EncryptionType, parseEncryptionType } from './encryption-type.ts'
import { RelayMessageError, UnknownEncryptionTypeError } from './errors.ts'
import { encodeFrame } from './frame.ts'

/** What one node hands to the next (onion requests §6.3). */
export interface RelayMessage {
  /** The next node's layer. */
  readonly data: Uint8Array
  readonly encryptionType: EncryptionType
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array
  /** 1 or more; the sender counts itself before it sends. */
  readonly hopNumber: number
}

/** The bencoded dict of a node-to-node message (onion requests §6.3). */
export function encodeRelayMessage({ data, encryptionType, ephemeralKey, hopNumber }: RelayMessage): Uint8Array {
  return encodeBencode({ data, enc_type: encryptionType, ephemeral_key: ephemeralKey, hop_no: hopNumber })
}

/** Reads a node-to-node message; unknown keys are ignored, `hop_no` below 1 is 1. Throws `RelayMessageError`. */
export function parseRelayMessage(bytes: Uint8Array): RelayMessage {
  const dict = decodeDict(bytes)
  const data = dict.get('data')
  const ephemeralKey = dict.get('ephemeral_key')
  const hopNumber = dict.get('hop_no') ?? 1
  if (!(data instanceof Uint8Array)) throw new RelayMessageError('data must be a byte string')
  if (!(ephemeralKey instanceof Uint8Array) || ephemeralKey.length !== 32) {
    throw new RelayMessageError('ephemeral_key must be 32 bytes')
  }
  if (typeof hopNumber !== 'number') throw new RelayMessageError('hop_no must be an integer')
  return {
    data,
    encryptionType: encryptionTypeOf(dict.get('enc_type')),
    ephemeralKey,
    hopNumber: Math.max(1, hopNumber),
  }
}

/**
 * The same message as the body of a post to another operator's `/onion_req/v2`: a frame whose control names the hop number
 * besides key and type.
 */
export function encodeForeignRelay({ data, encryptionType, ephemeralKey, hopNumber }: RelayMessage): Uint8Array {
  const control = { enc_type: encryptionType, ephemeral_key: toHex(ephemeralKey), hop_no: hopNumber }
  return encodeFrame(data, JSON.stringify(control))
}

function decodeDict(bytes: Uint8Array): ReadonlyMap<string, BencodeValue> {
  try {
    const value = decodeBencode(bytes)
    if (value instanceof Map) return value
  } catch (cause) {
    if (cause instanceof BencodeError) throw new RelayMessageError('the message is not bencoded', { cause })
    throw cause
  }
  throw new RelayMessageError('the message is not a dict')
}

function encryptionTypeOf(name: BencodeValue | undefined): EncryptionType {
  const text = name instanceof Uint8Array ? fromUtf8(name) : undefined
  if (name !== undefined && text === undefined) throw new RelayMessageError('enc_type must be a text')
  try {
    return parseEncryptionType(text)
  } catch (cause) {
    if (cause instanceof UnknownEncryptionTypeError) throw new RelayMessageError(cause.message, { cause })
    throw cause
  }
}
