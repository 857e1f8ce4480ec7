import { concat } from '#crypto'
import { InvalidV4RequestError } from './errors.ts'
import { parseV4Head, type V4Head } from './v4-request.ts'

const END = 0x65
const NOTHING = new Uint8Array(0)

/** Reads a decrypted v4 request of known length piece by piece and gives its body on without holding it (onion requests §5.3). */
export class V4RequestReader {
  readonly #total: number
  #head: V4Head | undefined
  #held: Uint8Array = NOTHING
  #received = 0
  #last: number | undefined

  /** `total` is the length of the whole request in bytes, known from the length of its layer. */
  constructor(total: number) {
    this.#total = total
  }

  /** Metadata and length of the body, once enough has been pushed. */
  get head(): V4Head | undefined {
    return this.#head
  }

  /** Takes the next piece and returns the part of it that is body, maybe empty, as a view. Throws `InvalidV4RequestError`. */
  push(piece: Uint8Array): Uint8Array {
    this.#received += piece.length
    if (this.#received > this.#total) throw new InvalidV4RequestError('the request is longer than announced')
    this.#last = piece.at(-1) ?? this.#last
    if (this.#head !== undefined) return this.#bodyPart(this.#head, piece)
    this.#held = this.#held.length === 0 ? piece : concat(this.#held, piece)
    this.#head = parseV4Head(this.#held, this.#total)
    if (this.#head === undefined) return NOTHING
    const held = this.#held
    this.#held = NOTHING
    return this.#bodyPart(this.#head, held)
  }

  /** To be called after the last piece; throws `InvalidV4RequestError` when the request is not complete or does not end with `e`. */
  finish(): void {
    if (this.#received !== this.#total || this.#head === undefined) {
      throw new InvalidV4RequestError('the request is truncated')
    }
    if (this.#last !== END) throw new InvalidV4RequestError('the list does not end with e')
  }

  #bodyPart({ bodyOffset, bodyLength = 0 }: V4Head, piece: Uint8Array): Uint8Array {
    const pieceOffset = this.#received - piece.length
    const start = Math.max(0, bodyOffset - pieceOffset)
    return piece.subarray(start, Math.max(start, bodyOffset + bodyLength - pieceOffset))
  }
}
