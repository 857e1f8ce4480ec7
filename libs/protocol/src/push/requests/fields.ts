import { fromHex, utf8 } from '#crypto'
import { fromBase64 } from '../../mailbox/base64.ts'
import { isJsonObject, type JsonMembers } from '../../onion/json-members.ts'
import { PushErrorCode, PushRequestError } from '../errors.ts'

/** Readers of single fields (push §2.1). Each throws `PushRequestError` for a field that is absent, `null` or of another type. */

const NAMESPACE_SHIFT = 16

/** The members of one request; what is no object is refused. */
export function readMembers(request: unknown): JsonMembers {
  if (!isJsonObject(request)) throw failed('Invalid request: expected an object')
  return request
}

/** Whether a field is given, be it as `null`. */
export function hasField(members: JsonMembers, name: string): boolean {
  return Object.hasOwn(members, name)
}

/** A field of any type. */
export function readField(
  members: JsonMembers,
  name: string,
  codeIfMissing: PushErrorCode = PushErrorCode.Error,
): unknown {
  if (hasField(members, name)) return members[name]
  throw new PushRequestError(codeIfMissing, `Missing required parameter '${name}'`)
}

export function readText(members: JsonMembers, name: string): string {
  const value = readField(members, name)
  if (typeof value !== 'string') throw unexpected(name, 'a string')
  return value
}

/** Exactly `length` bytes: raw, in hex of either case, or in standard base64 with or without padding, told apart by their length. */
export function readBytes(
  members: JsonMembers,
  name: string,
  length: number,
  codeIfMissing?: PushErrorCode,
): Uint8Array {
  const value = readField(members, name, codeIfMissing)
  if (typeof value !== 'string') throw unexpected(name, 'a string')
  const bytes = value.length === 2 * length ? fromHex(value, length) : fromRawOrBase64(value, length)
  if (bytes?.length !== length) throw failed('Invalid value: expected bytes, hex, or base64')
  return bytes
}

/** A whole number; a fraction is cut off. */
export function readInteger(members: JsonMembers, name: string): number {
  const value = readField(members, name)
  if (typeof value !== 'number') throw unexpected(name, 'a number')
  return toInteger(value)
}

/** Numbers of 16 bits; others wrap around, as in other servers, which the signature then covers. */
export function readNamespaces(members: JsonMembers, name: string, codeIfMissing: PushErrorCode): readonly number[] {
  const value = readField(members, name, codeIfMissing)
  if (!Array.isArray(value)) throw unexpected(name, 'an array of numbers')
  return value.map((item: unknown) => {
    if (typeof item !== 'number') throw unexpected(name, 'an array of numbers')
    return (item << NAMESPACE_SHIFT) >> NAMESPACE_SHIFT
  })
}

export function readBoolean(members: JsonMembers, name: string, codeIfMissing: PushErrorCode): boolean {
  const value = readField(members, name, codeIfMissing)
  if (typeof value !== 'boolean') throw unexpected(name, 'a boolean')
  return value
}

/** The refusal with code 4, which stands for nearly everything (push §2.3). */
export function failed(text: string): PushRequestError {
  return new PushRequestError(PushErrorCode.Error, text)
}

function unexpected(name: string, expected: string): PushRequestError {
  return failed(`Invalid value given for '${name}': expected ${expected}`)
}

function fromRawOrBase64(text: string, length: number): Uint8Array | undefined {
  // Nothing longer than base64 can be right, so that a long text costs nothing.
  if (text.length > 4 * Math.ceil(length / 3)) return undefined
  return text.length > length ? fromBase64(text) : utf8(text)
}

/** Adding zero turns −0, which JSON can say, into 0. */
function toInteger(value: number): number {
  return Math.trunc(value) + 0
}
