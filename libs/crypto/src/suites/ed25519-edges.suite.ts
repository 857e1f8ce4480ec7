import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'

import { concat, utf8 } from '../bytes.ts'
import { hex } from './vectors.suite.ts'

const { Point } = ed25519
type Point = InstanceType<typeof Point>
const ORDER = Point.Fn.ORDER

/** A generator of the eight points of small order. */
const TORSION = Point.fromBytes(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'))
const KEY_SCALAR = 0x1234_5678_9abc_def0n
const NONCE_SCALAR = 0x0fed_cba9_8765_4321n

/** Public keys that are none: small order in all encodings, mixed order, non-canonical, off the curve. */
export const INVALID_ED25519 = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0200000000000000000000000000000000000000000000000000000000000000',
  Point.BASE.multiply(KEY_SCALAR).add(TORSION).toHex(),
]

export interface Forgery {
  readonly signature: Uint8Array
  readonly message: Uint8Array
  readonly publicKey: Uint8Array
  readonly accepted: boolean
}

/**
 * Signatures made with knowledge of the scalars over every pair of torsion parts in key and R. The equation without the
 * cofactor holds when the torsion parts cancel, T_R + h·T_A = 0; libsodium accepts exactly then. Beside them: S + L, and
 * R of small order.
 */
export const forgeries: readonly Forgery[] = [
  ...torsionForgeries(),
  shiftedScalar(),
  ...smallOrderR(),
  ...smallOrderKeys(),
]

function* torsionForgeries(): Generator<Forgery> {
  for (let inKey = 0; inKey < 8; inKey++) {
    for (let inR = 0; inR < 8; inR++) {
      const { signature, message, publicKey, challenge } = sign(
        torsion(inKey),
        Point.BASE.multiply(NONCE_SCALAR).add(torsion(inR)),
      )
      const cancels = (BigInt(inR) + challenge * BigInt(inKey)) % 8n === 0n
      yield { signature, message, publicKey, accepted: cancels }
    }
  }
}

function shiftedScalar(): Forgery {
  const { signature, message, publicKey } = sign(Point.ZERO, Point.BASE.multiply(NONCE_SCALAR), ORDER)
  return { signature, message, publicKey, accepted: false }
}

function* smallOrderR(): Generator<Forgery> {
  for (let index = 0; index < 8; index++) {
    const { signature, message, publicKey } = sign(Point.ZERO, torsion(index), 0n, 0n)
    yield { signature, message, publicKey, accepted: false }
  }
}

/** With the neutral element as key, S = r satisfies the equation for every message. */
function* smallOrderKeys(): Generator<Forgery> {
  const signature = concat(Point.BASE.multiply(NONCE_SCALAR).toBytes(), littleEndian(NONCE_SCALAR))
  for (const publicKey of INVALID_ED25519.slice(0, -1)) {
    yield { signature, message: utf8('any'), publicKey: hex(publicKey), accepted: false }
  }
}

function sign(
  keyTorsion: Point,
  r: Point,
  shift = 0n,
  nonce = NONCE_SCALAR,
): Omit<Forgery, 'accepted'> & { challenge: bigint } {
  const message = utf8('an edge case')
  const publicKey = Point.BASE.multiply(KEY_SCALAR).add(keyTorsion).toBytes()
  const encodedR = r.toBytes()
  const challenge = toInteger(sha512(concat(encodedR, publicKey, message))) % ORDER
  const scalar = ((nonce + challenge * KEY_SCALAR) % ORDER) + shift
  return { signature: concat(encodedR, littleEndian(scalar)), message, publicKey, challenge }
}

function torsion(index: number): Point {
  return index === 0 ? Point.ZERO : TORSION.multiplyUnsafe(BigInt(index))
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
