import { NO_SWARM } from '../../nodes/swarm-ids.ts'

const LOW_WORD = 0xffff_ffffn

/** A number of 64 bits as two words of 32: reading a key this way costs a tenth of what bigints do. */
interface Words {
  readonly high: number
  readonly low: number
}

/** Which swarm serves which account: the one whose id is nearest on the ring of 64 bits (mailbox RPC §7.2). */
export class SwarmMap {
  /** In ascending order, each once, without `NO_SWARM`. */
  readonly ids: readonly bigint[]
  readonly #words: readonly Words[]

  constructor(ids: Iterable<bigint>) {
    this.ids = [...new Set(ids)].filter((id) => id !== NO_SWARM).sort((a, b) => (a < b ? -1 : 1))
    this.#words = this.ids.map(toWords)
  }

  /** The swarm of an account with this 32-byte key; undefined when there is none at all. */
  swarmOf(key: Uint8Array): bigint | undefined {
    return this.ids[this.#nearest(positionWords(key))]
  }

  /** The swarm that is nearest to a position, the lower one of two that are equally near; undefined when there is none at all. */
  swarmAt(position: bigint): bigint | undefined {
    return this.ids[this.#nearest(toWords(position))]
  }

  #nearest(position: Words): number {
    const count = this.#words.length
    const right = this.#firstFrom(position) % count
    const left = (right + count - 1) % count
    const toRight = difference(this.#words[right] ?? position, position)
    const toLeft = difference(position, this.#words[left] ?? position)
    return isLess(toRight, toLeft) ? right : left
  }

  /** Index of the first id that is not below `position`; the number of ids when there is none. */
  #firstFrom(position: Words): number {
    let low = 0
    let high = this.#words.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const id = this.#words[middle]
      if (id !== undefined && isLess(id, position)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The place of an account with this 32-byte key on the ring: its four 64-bit words, XORed (mailbox RPC §7.2). */
export function swarmPosition(key: Uint8Array): bigint {
  const { high, low } = positionWords(key)
  return (BigInt(high) << 32n) | BigInt(low)
}

function positionWords(key: Uint8Array): Words {
  if (key.length !== 32) throw new RangeError('key must be 32 bytes')
  const view = new DataView(key.buffer, key.byteOffset, key.length)
  let high = 0
  let low = 0
  for (let at = 0; at < 32; at += 8) {
    high ^= view.getUint32(at)
    low ^= view.getUint32(at + 4)
  }
  return { high: high >>> 0, low: low >>> 0 }
}

function toWords(value: bigint): Words {
  return { high: Number((value >> 32n) & LOW_WORD), low: Number(value & LOW_WORD) }
}

function isLess(a: Words, b: Words): boolean {
  return a.high < b.high || (a.high === b.high && a.low < b.low)
}

/** a − b modulo 2^64. */
function difference(a: Words, b: Words): Words {
  const borrow = a.low < b.low ? 1 : 0
  return { high: (a.high - b.high - borrow) >>> 0, low: (a.low - b.low) >>> 0 }
}
