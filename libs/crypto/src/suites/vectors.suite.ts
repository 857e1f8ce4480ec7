import { readFileSync } from 'node:fs'

import { fromHex } from '../bytes.ts'

/** The parsed vector file `name` of test/vectors. */
export function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url), 'utf8'))
}

/** Bytes of a hex text that a test has written down. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll(/\s/g, ''))
  if (bytes === undefined) throw new Error('the test holds a hex text that is none')
  return bytes
}

/** A copy of `bytes` in which one bit is flipped. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

/** Bytes given by seed and length as in the vector files: SHA-256(seed ‖ BE32(i)) for i = 0, 1, …, cut to `length`. */
export function pattern(sha256: (message: Uint8Array) => Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(length / 32) * 32)
  const block = new Uint8Array(seed.length + 4)
  block.set(seed)
  const counter = new DataView(block.buffer)
  for (let i = 0; i * 32 < length; i++) {
    counter.setUint32(seed.length, i)
    bytes.set(sha256(block), i * 32)
  }
  return bytes.subarray(0, length)
}
