const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const URL_SAFE = STANDARD.slice(0, 62) + '-_'

function encode(alphabet: string, bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += alphabet.charAt((held >> bits) & 63)
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet.charAt((held << (6 - bits)) & 63) : text
}

function decode(alphabet: string, text: string): Uint8Array | undefined {
  const digits = text.replace(/={1,2}$/, '')
  if (digits.length % 4 === 1 || (digits.length !== text.length && text.length % 4 !== 0)) return undefined
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8))
  let bits = 0
  let held = 0
  let at = 0
  for (const digit of digits) {
    const value = alphabet.indexOf(digit)
    if (value < 0) return undefined
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 0xff
    }
  }
  return bytes
}

/** Standard base64 of short `bytes`, padded with `=` (RFC 4648 §4). */
export function shortToBase64(bytes: Uint8Array): string {
  const text = encode(STANDARD, bytes)
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Bytes of a short text in standard base64, padded or not; undefined when it is none. */
export function shortFromBase64(text: string): Uint8Array | undefined {
  return decode(STANDARD, text)
}

/** URL-safe base64 of short `bytes`, without padding (RFC 4648 §5). */
export function shortToBase64Url(bytes: Uint8Array): string {
  return encode(URL_SAFE, bytes)
}

/** Bytes of a short text in URL-safe base64, padded or not; undefined when it is none. */
export function shortFromBase64Url(text: string): Uint8Array | undefined {
  return decode(URL_SAFE, text)
}
