import { fromHex } from '#crypto'
import { isRecord } from '../../nodes/json-reply.ts'
import { MailboxReplyError } from '../errors.ts'

/** The members of an answer. Throws `MailboxReplyError` when it is no object. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new MailboxReplyError()
  return value
}

/** A list in an answer. Throws `MailboxReplyError`. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new MailboxReplyError()
  return value
}

/** A time in milliseconds since the Unix epoch, or undefined for what is none. */
export function asTime(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** A key of 32 bytes in hex, in lower case; undefined for what is none. */
export function asKey(value: unknown): string | undefined {
  return typeof value === 'string' && fromHex(value, 32) !== undefined ? value.toLowerCase() : undefined
}

/** Texts of a list; undefined when it holds anything else. */
export function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}
