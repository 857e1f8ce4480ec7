import { CryptoArgumentError, CryptoStateError } from './errors.ts'

const isBytes = (value: unknown): value is Uint8Array =>
  // The text form recognises arrays of another realm (an iframe, a vm context), for which `instanceof` is false.
  value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'

/** Throws `CryptoArgumentError` naming `name` unless `value` is a Uint8Array. */
export function assertBytes(value: Uint8Array, name: string): void {
  if (!isBytes(value)) throw new CryptoArgumentError(`${name} must be a Uint8Array`)
}

/** Throws `CryptoArgumentError` naming `name` unless `value` is a Uint8Array of exactly `length` bytes. */
export function assertLength(value: Uint8Array, length: number, name: string): void {
  assertBytes(value, name)
  if (value.length !== length) throw new CryptoArgumentError(`${name} must be ${length} bytes long`)
}

/** Throws `CryptoArgumentError` naming `name` unless `value` is a Uint8Array of `least` to `most` bytes. */
export function assertLengthBetween(value: Uint8Array, least: number, most: number, name: string): void {
  assertBytes(value, name)
  if (value.length < least || value.length > most) {
    throw new CryptoArgumentError(`${name} must be ${least} to ${most} bytes long`)
  }
}

/** Throws `CryptoArgumentError` naming `name` unless `value` is an integer from `least` to `most`. */
export function assertInteger(value: number, least: number, most: number, name: string): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new CryptoArgumentError(`${name} must be an integer from ${least} to ${most}`)
  }
}

/** Throws `CryptoStateError` when `finished`: the object `name` has given its last result already. */
export function assertUnfinished(finished: boolean, name: string): void {
  if (finished) throw new CryptoStateError(`${name} is finished and cannot be used again`)
}
