import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js'

const { Point } = ed25519
const { Fn, Fp } = Point

/**
 * The few operations on Ed25519 points and scalars that blinded tokens need besides signatures (mailbox RPC §5.1). Scalars are
 * integers modulo the order of the group, in bytes 32, little endian. Only clients need them, and seldom.
 */

/** Bytes of any length as a scalar. */
export function reduceScalar(bytes: Uint8Array): bigint {
  return Fn.create(bytesToNumberLE(bytes))
}

export function encodeScalar(scalar: bigint): Uint8Array {
  return numberToBytesLE(scalar, 32)
}

export function negateScalar(scalar: bigint): bigint {
  return Fn.neg(scalar)
}

export function multiplyScalars(a: bigint, b: bigint): bigint {
  return Fn.mul(a, b)
}

export function addScalars(a: bigint, b: bigint): bigint {
  return Fn.add(a, b)
}

/** scalar · base point, 32 bytes. */
export function multiplyBase(scalar: bigint): Uint8Array {
  return Point.BASE.multiply(scalar).toBytes()
}

/** scalar · point, 32 bytes each. Throws for bytes that are no point. */
export function multiplyPoint(point: Uint8Array, scalar: bigint): Uint8Array {
  return Point.fromBytes(point).multiply(scalar).toBytes()
}

/** The Ed25519 key with sign bit 0 that converts to an X25519 key: y = (u − 1) / (u + 1). 32 bytes each. */
export function fromX25519PublicKey(key: Uint8Array): Uint8Array {
  const u = Fp.create(bytesToNumberLE(key) & ((1n << 255n) - 1n))
  return numberToBytesLE(Fp.div(Fp.sub(u, Fp.ONE), Fp.add(u, Fp.ONE)), 32)
}
