const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769'

/** z-base-32 text of `bytes`, in the alphabet of `.snode` addresses; 32 bytes give 52 characters (mailbox RPC §4.13). */
export function encodeBase32z(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >> (bits - 5)) & 31)
  }
  return bits === 0 ? text : text + ALPHABET.charAt((held << (5 - bits)) & 31)
}
