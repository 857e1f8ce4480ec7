import { type PushErrorCode } from './errors.ts'

/** An answer as a JSON value. Members stand in byte order, as the newer servers write them (push §1.2, §2.3). */
export type PushAnswer =
  | { readonly added: true; readonly message: string; readonly success: true }
  | { readonly message: string; readonly success: true; readonly updated: true }
  | { readonly message: string; readonly removed: boolean; readonly success: true }
  | { readonly error: PushErrorCode; readonly message: string }

const ADDED: PushAnswer = { added: true, message: 'Subscription successful', success: true }
const UPDATED: PushAnswer = { message: 'Resubscription successful', success: true, updated: true }
const REMOVED: PushAnswer = {
  message: 'Device unsubscribed from push notifications',
  removed: true,
  success: true,
}
const NOT_SUBSCRIBED: PushAnswer = {
  message: 'Device was not subscribed to push notifications',
  removed: false,
  success: true,
}

/** Answers a subscription: whether it is new or renews one that was there. */
export function subscribedAnswer(isNew: boolean): PushAnswer {
  return isNew ? ADDED : UPDATED
}

/** Answers an unsubscription: whether there was something to remove. */
export function unsubscribedAnswer(wasSubscribed: boolean): PushAnswer {
  return wasSubscribed ? REMOVED : NOT_SUBSCRIBED
}

/** Answers what is refused; a `PushRequestError` carries both. */
export function pushErrorAnswer({
  errorCode,
  text,
}: {
  readonly errorCode: PushErrorCode
  readonly text: string
}): PushAnswer {
  return { error: errorCode, message: text }
}
