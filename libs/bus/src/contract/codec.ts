import type { ZodType } from 'zod'
import { BadMessageError } from '../errors.ts'

/** How a value becomes the bytes of a message and back. */
export interface Codec<Value> {
  encode(value: Value): Uint8Array
  /** Throws `BadMessageError` for bytes that are no such value. */
  decode(bytes: Uint8Array): Value
  /** Whether values may be handed over within a process as they are: neither side changes one that it has handed over or got. */
  readonly isShareable?: true
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()

/** Bytes as they are, without a copy: neither side may change them after they were handed over. */
export const bytes: Codec<Uint8Array> = { encode: (value) => value, decode: (value) => value }

/** A message that says nothing but that it was sent: no bytes. */
export const nothing: Codec<undefined> = {
  encode: () => new Uint8Array(0),
  decode: (value) => {
    if (value.length > 0) throw new BadMessageError('a message that carries nothing has bytes')
    return undefined
  },
}

/** JSON in UTF-8, parsed by `schema` where it comes in. */
export function json<Value>(schema: ZodType<Value>): Codec<Value> {
  return {
    encode: (value) => encoder.encode(JSON.stringify(value)),
    decode: (value) => parse(schema, value),
  }
}

function parse<Value>(schema: ZodType<Value>, value: Uint8Array): Value {
  const result = schema.safeParse(readJson(value))
  if (!result.success) throw new BadMessageError('a message does not fit its schema', { cause: result.error })
  return result.data
}

function readJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(value))
  } catch {
    // The engine's error quotes the text, which may be a user's; it is not kept as the cause.
    throw new BadMessageError('a message is not JSON')
  }
}
