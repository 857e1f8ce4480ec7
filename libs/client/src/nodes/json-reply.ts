import { fromUtf8 } from '#crypto'
import type { TransportReply } from '../transport/transport.ts'
import { DirectoryUnavailableError } from './errors.ts'

/** The JSON object in a 200 reply. Throws `DirectoryUnavailableError`. */
export function jsonReply(reply: TransportReply): Readonly<Record<string, unknown>> {
  const text = reply.status === 200 ? fromUtf8(reply.body) : undefined
  if (text === undefined) throw new DirectoryUnavailableError()
  const value = parse(text)
  if (!isRecord(value)) throw new DirectoryUnavailableError()
  return value
}

/** Whether `value` is an object with members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DirectoryUnavailableError({ cause })
  }
}
