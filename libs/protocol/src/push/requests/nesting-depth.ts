const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Brackets and braces differ in one bit only. */
const BRACE_BIT = 0x20
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/** How deep the arrays and objects of a JSON text in UTF-8 are nested; for what is no JSON, some number. */
export function nestingDepth(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let isString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) isString = !isString
    else if (isString) at += byte === BACKSLASH ? 1 : 0
    else if ((byte | BRACE_BIT) === OPENING_BRACE) deepest = Math.max(deepest, ++depth)
    else if ((byte | BRACE_BIT) === CLOSING_BRACE) depth--
  }
  return deepest
}
