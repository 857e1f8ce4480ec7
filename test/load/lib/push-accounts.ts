import type { MessageStored } from '#bus'

/** Characters of a device token of FCM as most phones have it. */
export const DEVICE_TOKEN_LENGTH = 163

/** Bytes of a message as the benches store it. */
export const PUSH_BODY = 1_000

const ACCOUNT_LENGTH = 33
const HASH_LENGTH = 43
const FORTNIGHT_MS = 14 * 86_400_000

/** The account with this number, the same in every process. The stores see keyed digests, so that numbers in a row lie far apart. */
export function accountOf(number: number): Uint8Array {
  const account = new Uint8Array(ACCOUNT_LENGTH)
  account[0] = 5
  new DataView(account.buffer).setUint32(1, number)
  return account
}

/** A device token that ends with its number. */
export function tokenOf(number: number, length = DEVICE_TOKEN_LENGTH): string {
  return String(number).padStart(length, '0')
}

/** The event about a message whose hash no other message of the run has. */
export function storedMessage(account: number, message: number, data: Uint8Array, now: number): MessageStored {
  return {
    account: accountOf(account),
    namespace: 0,
    hash: String(message).padStart(HASH_LENGTH, 'A'),
    timestamp: now,
    expiry: now + FORTNIGHT_MS,
    size: data.length,
    data,
  }
}
