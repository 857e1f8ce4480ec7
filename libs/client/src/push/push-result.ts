import { type PushResult, PushAnswerError, PushErrorCode, parsePushAnswer, type V4Reply } from '#protocol'
import { parseJsonObject } from '#protocol/onion/json-members'
import type { Outcome } from '../retry/retry.ts'
import { PushRefusedError, PushReplyError, PushServerError } from './errors.ts'

/** The relay refuses: its code (push §2.3) and its own text, which may say anything. */
export type PushRefusal = Extract<PushResult, { kind: 'refused' }>
/** What became of a subscription: new, renewed, or refused although the HTTP status says success. */
export type SubscribeResult = { readonly kind: 'added' | 'updated' } | PushRefusal
/** What became of an unsubscription. */
export type UnsubscribeResult = { readonly kind: 'removed' | 'not-subscribed' } | PushRefusal

const TRANSIENT: ReadonlySet<number> = new Set([
  PushErrorCode.ServiceNotAvailable,
  PushErrorCode.Timeout,
  PushErrorCode.Internal,
])

/** Whether the same request may succeed later; bad requests, signatures and tokens stay what they are. */
export function isTransient(result: PushResult): boolean {
  return result.kind === 'refused' && TRANSIENT.has(result.errorCode)
}

/** One result for each of `count` requests; a refusal of the whole array counts for every one. Throws `PushReplyError`. */
export function readPushResults({ body }: V4Reply, count: number): readonly PushResult[] {
  const answer = parsed(body)
  if (isList(answer)) {
    if (answer.length !== count) throw new PushReplyError()
    return answer
  }
  if (answer.kind !== 'refused') throw new PushReplyError()
  return Array.from({ length: count }, () => answer)
}

/** The result as one of a subscription. Throws `PushReplyError` when it is none. */
export function asSubscribed(result: PushResult): SubscribeResult {
  const { kind } = result
  if (kind === 'removed' || kind === 'not-subscribed') throw new PushReplyError()
  return kind === 'refused' ? result : { kind }
}

/** The result as one of an unsubscription. Throws `PushReplyError` when it is none. */
export function asUnsubscribed(result: PushResult): UnsubscribeResult {
  const { kind } = result
  if (kind === 'added' || kind === 'updated') throw new PushReplyError()
  return kind === 'refused' ? result : { kind }
}

/** Whether the relay blames the request: a signature, a time, a field (push §2.3). */
export function isRefusedAsWrong(result: PushResult): boolean {
  return result.kind === 'refused' && result.errorCode === PushErrorCode.Error
}

/** What the relay itself says has status 200; anything else comes from what stands before it (push §1.2). */
export function judgeStatus({ code }: V4Reply): Outcome<never> | undefined {
  if (code >= 200 && code <= 299) return undefined
  const isPassing = code === 429 || code >= 500
  return { kind: isPassing ? 'retry' : 'abort', error: new PushServerError(code) }
}

/** The key in the answer about it. Throws `PushReplyError`. */
export function readApplicationServerKey({ body }: V4Reply): string {
  const key = parseJsonObject(body)?.['application_server_key']
  if (typeof key !== 'string' || !/^[\w-]{87}$/.test(key)) throw new PushReplyError()
  return key
}

/** The result of the only request. Throws `PushRefusedError` when it was refused. */
export function accepted<R extends SubscribeResult | UnsubscribeResult>(
  result: R | undefined,
): Exclude<R, { kind: 'refused' }> {
  if (result === undefined) throw new PushReplyError()
  if (result.kind === 'refused') throw new PushRefusedError(result.errorCode, result.message)
  return result as Exclude<R, { kind: 'refused' }>
}

function parsed(body: Uint8Array): PushResult | readonly PushResult[] {
  try {
    return parsePushAnswer(body)
  } catch (cause) {
    if (cause instanceof PushAnswerError) throw new PushReplyError({ cause })
    throw cause
  }
}

function isList(answer: PushResult | readonly PushResult[]): answer is readonly PushResult[] {
  return Array.isArray(answer)
}
