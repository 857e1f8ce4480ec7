const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

/** How deep the arrays and objects of a JSON text in UTF-8 are nested; for what is no JSON, some number. */
export function nestingDepth(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let isString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) isString = !isString
    else if (isString) at += byte === BACKSLASH ? 1 : 0
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth)
    else if (CLOSING.has(byte)) depth--
  }
  return deepest
}
