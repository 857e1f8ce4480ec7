import { fromUtf8 } from '#crypto'
import { MIN_TIMESTAMP_MS } from '../limits.ts'
import { MAX_NAMESPACE, MIN_NAMESPACE } from '../namespaces.ts'
import { invalidRequest, type RpcError } from '../rpc-error.ts'
import { type Params } from './params.ts'

/**
 * Readers of single fields (mailbox RPC §2.3). Each gives undefined for a field that is absent, and throws `RpcError` 400 for one of
 * the wrong type.
 */

/** An integer as it stands in a request: a bigint when a number would not be exact. */
export type WireInteger = number | bigint

/** What a binary field holds: text (hex or base64) in JSON, raw bytes in bencode. */
export type Binary = string | Uint8Array

const TIMESTAMP = 'integer timestamp (in milliseconds)'
const DECIMAL = /^\d{1,20}$/

export function missing(name: string): RpcError {
  return invalidRequest(`Required field '${name}' missing`)
}

export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw missing(name)
  return value
}

/** The one value given under either of two names. Throws when both are given. */
export function either<Value>(
  params: Params,
  read: (params: Params, name: string) => Value | undefined,
  name: string,
  alias: string,
): Value | undefined {
  const value = read(params, name)
  const aliased = read(params, alias)
  if (value !== undefined && aliased !== undefined) {
    throw invalidRequest(`Cannot specify both '${name}' and '${alias}'`)
  }
  return value ?? aliased
}

export function readString(params: Params, name: string): string | undefined {
  const value = params.get(name)
  return value === undefined ? undefined : toText(value, name, 'string')
}

export function readBinary(params: Params, name: string): Binary | undefined {
  const value = params.get(name)
  if (value === undefined || typeof value === 'string' || value instanceof Uint8Array) return value
  throw unexpected(name, 'string')
}

export function readBoolean(params: Params, name: string): boolean | undefined {
  const value = params.get(name)
  if (value === undefined || typeof value === 'boolean') return value
  if (params.form === 'bencode' && (value === 0 || value === 1)) return value === 1
  throw unexpected(name, 'boolean')
}

export function readInteger(params: Params, name: string): number | undefined {
  const value = params.get(name)
  if (value === undefined) return undefined
  if (!isInteger(value)) throw unexpected(name, 'integer')
  return plain(value)
}

/** A natural number; with `orText`, a decimal text too. */
export function readUnsigned(params: Params, name: string, orText = false): number | undefined {
  const value = params.get(name)
  if (value === undefined) return undefined
  const integer = orText ? fromDecimal(value) : value
  if (!isInteger(integer) || integer < 0) throw unexpected(name, 'positive integer')
  return plain(integer)
}

/** A time in milliseconds, too large to be one in seconds; with `orText`, in a decimal text too. */
export function readTimestamp(params: Params, name: string, orText = false): number | undefined {
  const value = readExactTimestamp(params, name, orText)
  return value === undefined ? undefined : plain(value)
}

/** The same without loss of digits, for times that a signature covers and no time window bounds. */
export function readExactTimestamp(params: Params, name: string, orText = false): WireInteger | undefined {
  const value = params.get(name)
  if (value === undefined) return undefined
  const integer = orText ? fromDecimal(value) : value
  if (!isInteger(integer) || integer < 0) throw unexpected(name, TIMESTAMP)
  if (integer < MIN_TIMESTAMP_MS) {
    throw invalidRequest(`Invalid timestamp for '${name}': timestamp must be in milliseconds`)
  }
  return integer
}

/** One time or a list of them, of any size (the `expiry` of `expire`). */
export function readTimestamps(params: Params, name: string): readonly WireInteger[] | undefined {
  const value = params.get(name)
  if (value === undefined) return undefined
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.map((item) => {
    if (!isInteger(item) || item < 0) throw unexpected(name, 'timestamp array')
    return item
  })
}

/** One text or a list of them. */
export function readStrings(params: Params, name: string): readonly string[] | undefined {
  return readList(params, name)?.map((item) => toText(item, name, 'string array'))
}

/** One binary value or a list of them. */
export function readBinaries(params: Params, name: string): readonly Binary[] | undefined {
  return readList(params, name)?.map((item) => {
    if (typeof item === 'string' || item instanceof Uint8Array) return item
    throw unexpected(name, 'string array')
  })
}

/** One integer or a list of them. */
export function readIntegers(params: Params, name: string): readonly number[] | undefined {
  return readList(params, name)?.map((item) => {
    if (!isInteger(item)) throw unexpected(name, 'integer array')
    return plain(item)
  })
}

/** A namespace of 16 bits. */
export function readNamespace(params: Params): number | undefined {
  const value = params.get('namespace')
  if (value === undefined) return undefined
  if (!isInteger(value)) throw unexpected('namespace', '16-bit integer')
  return inRange(value)
}

/** A namespace of 16 bits, or the word for all of them. */
export function readNamespaceOrAll(params: Params): number | 'all' | undefined {
  const value = params.get('namespace')
  if (value === undefined) return undefined
  if (isInteger(value)) return inRange(value)
  if (value === 'all' || (value instanceof Uint8Array && fromUtf8(value) === 'all')) return 'all'
  throw unexpected('namespace', 'integer or "all"')
}

function readList(params: Params, name: string): readonly unknown[] | undefined {
  const value = params.get(name)
  if (value === undefined) return undefined
  return Array.isArray(value) ? (value as readonly unknown[]) : [value]
}

function toText(value: unknown, name: string, expected: string): string {
  const text = value instanceof Uint8Array ? fromUtf8(value) : value
  if (typeof text !== 'string') throw unexpected(name, expected)
  return text
}

function isInteger(value: unknown): value is WireInteger {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

function fromDecimal(value: unknown): unknown {
  const text = value instanceof Uint8Array ? fromUtf8(value) : value
  if (typeof text !== 'string') return value
  return DECIMAL.test(text) ? BigInt(text) : Number.NaN
}

/** Adding zero turns −0, which JSON can say, into 0. */
function plain(value: WireInteger): number {
  return Number(value) + 0
}

function inRange(value: WireInteger): number {
  if (value < MIN_NAMESPACE || value > MAX_NAMESPACE) {
    throw invalidRequest("Invalid value given for 'namespace': value out of range")
  }
  return plain(value)
}

function unexpected(name: string, expected: string): RpcError {
  return invalidRequest(`Invalid value given for '${name}': expected ${expected}`)
}
