import { openingTrouble } from '#stores'

/** A device that the store holds was sealed with another key, or is damaged. */
export class UnreadableDeviceError extends Error {
  override readonly name = 'UnreadableDeviceError'
  readonly code = 'PUSH_DEVICE_UNREADABLE'
}

/** Subscriptions or notifications cannot be opened. The message is one sentence that names where they lie and what is wrong. */
export class PushStoreError extends Error {
  override readonly name = 'PushStoreError'
  readonly code = 'PUSH_STORE_UNUSABLE'
  constructor(place: string, cause: unknown) {
    super(`The push subscriptions in ${place} cannot be used: ${openingTrouble(cause)}.`, { cause })
  }
}
