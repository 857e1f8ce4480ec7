/** Bytes are not strict bencode, or a value cannot be expressed in it. The message says where or what, never the contents. */
export class BencodeError extends Error {
  override readonly name = 'BencodeError'
  readonly code = 'BENCODE_INVALID'
}
