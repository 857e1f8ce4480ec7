import { fromHex, fromUtf8 } from '#crypto'

/** Members of a parsed JSON object. */
export type JsonMembers = Readonly<Record<string, unknown>>

/** The JSON object in UTF-8 `bytes`; undefined when they are anything else. */
export function parseJsonObject(bytes: Uint8Array): JsonMembers | undefined {
  const text = fromUtf8(bytes)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isJsonObject(value) ? value : undefined
}

/** Whether a parsed JSON value is an object. */
export function isJsonObject(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The 32 bytes of a key given as 64 hex digits in either case; undefined for any other value. */
export function parseKey(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? fromHex(value, 32) : undefined
}
