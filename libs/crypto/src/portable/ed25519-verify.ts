import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'

import { concat } from '../bytes.ts'
import { timingSafeEqual } from './timing-safe-equal.ts'

const { Point } = ed25519
type Point = InstanceType<typeof Point>
const ORDER = Point.Fn.ORDER

/**
 * Verification with libsodium's verdicts: the equation of RFC 8032 §5.1.7 without the cofactor, a canonical S, a canonical
 * key, and neither key nor R of small order. noble's own `verify` multiplies by the cofactor and so accepts more.
 */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const key = decodePoint(publicKey)
  if (key === undefined || key.isSmallOrder()) return false
  const scalar = toInteger(signature.subarray(32))
  if (scalar >= ORDER) return false
  const encodedR = signature.subarray(0, 32)
  const challenge = toInteger(sha512(concat(encodedR, publicKey, message))) % ORDER
  const expectedR = Point.BASE.multiplyUnsafe(scalar).subtract(key.multiplyUnsafe(challenge))
  return !expectedR.isSmallOrder() && timingSafeEqual(expectedR.toBytes(), encodedR)
}

/** Whether `publicKey` is a canonical point of the main subgroup and not of small order. */
export function isValidPublicKey(publicKey: Uint8Array): boolean {
  const point = decodePoint(publicKey)
  return point !== undefined && !point.isSmallOrder() && point.isTorsionFree()
}

/** The point that 32 bytes encode canonically (RFC 8032 §5.1.3), if any. */
function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes, false)
  } catch {
    return undefined
  }
}

/** Bytes as an unsigned integer, little endian. */
function toInteger(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
  return value
}
