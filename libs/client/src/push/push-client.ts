import {
  buildSubscribeRequest,
  buildUnsubscribeRequest,
  encodePushRequests,
  type PushDevice,
  type PushResult,
  type PushSubscriptionOptions,
  type RequestSigner,
} from '#protocol'
import type { ClientEnvironment } from '../environment.ts'
import { ClientError } from '../errors.ts'
import type { ClockOffset } from '../mailbox/clock-offset.ts'
import type { MailboxClient } from '../mailbox/mailbox-client.ts'
import type { NodeDirectory } from '../nodes/node-directory.ts'
import { serverAt, type ServerDestination } from '../onion/destination.ts'
import type { OnionSender } from '../onion/onion-sender.ts'
import type { SendOptions } from '../onion/send-options.ts'
import { type Outcome, retry, type RetryNotice, type RetryPolicy } from '../retry/retry.ts'
import { NoPushServiceError, PushRefusedError, PushReplyError } from './errors.ts'
import { inBatches } from './push-batches.ts'
import {
  accepted,
  asSubscribed,
  asUnsubscribed,
  isRefusedAsWrong,
  isTransient,
  judgeStatus,
  readApplicationServerKey,
  readPushResults,
  type SubscribeResult,
  type UnsubscribeResult,
} from './push-result.ts'

/** Which messages of an account a device wants to be told of; `wantsData`, whether with their bodies, is true by default. */
export type PushWish = Omit<PushSubscriptionOptions, 'signedAt' | 'wantsData'> & { readonly wantsData?: boolean }
export type SubscribeWish = PushWish & { readonly owner: RequestSigner }
export type UnsubscribeWish = PushDevice & { readonly owner: RequestSigner }

export interface PushClientParts {
  readonly environment: ClientEnvironment
  readonly directory: NodeDirectory
  readonly sender: Pick<OnionSender, 'sendToServer'>
  readonly clock: ClockOffset
  /** Any call that teaches `clock` the network's time. */
  readonly mailboxes: Pick<MailboxClient, 'info'>
}

const TRY_TIMEOUT_MS = 20_000
const DEADLINE_MS = 120_000
const TIME_DEADLINE_MS = 20_000
/** Nothing waits for the answer but the device itself: better late than refused. */
const POLICY: RetryPolicy = { tries: 4, pauseMs: 2_000, longestPauseMs: 30_000 }
/** Another time to sign that differs by less makes no difference to the relay, in milliseconds. */
const NOTABLE_OFFSET_MS = 60_000

type Endpoint = '/subscribe' | '/unsubscribe'
type Build<W> = (wish: W, signedAt: number) => ReturnType<typeof buildSubscribeRequest>

/** One batch on its way: what is known of each wish so far. */
interface Batch<W> {
  readonly endpoint: Endpoint
  readonly wishes: readonly W[]
  readonly build: Build<W>
  readonly results: (PushResult | undefined)[]
  tries: number
  hasAskedTime: boolean
}

/**
 * Subscribes devices at the network's push relay, through onion paths (push §1, §2). Requests are signed for the network's time. What the relay
 * refuses for a passing reason is tried again, the rest at once final.
 */
export class PushClient {
  readonly #parts: PushClientParts
  #hasAskedTime = false

  constructor(parts: PushClientParts) {
    this.#parts = parts
  }

  /** Subscribes or renews: whether the relay knew the device already. Throws `PushRefusedError` and other `ClientError`s. */
  async subscribe(owner: RequestSigner, wish: PushWish, options?: SendOptions): Promise<'added' | 'updated'> {
    const [result] = await this.subscribeAll([{ owner, ...wish }], options)
    return accepted(result).kind
  }

  /** Takes a device off: whether the relay knew it. Throws `PushRefusedError` and other `ClientError`s. */
  async unsubscribe(owner: RequestSigner, device: PushDevice, options?: SendOptions): Promise<boolean> {
    const [result] = await this.unsubscribeAll([{ owner, ...device }], options)
    return accepted(result).kind === 'removed'
  }

  /**
   * As many subscriptions as there are, up to 100 in a request; one result for each, in order. Throws a `ClientError` when the relay does not answer, in which
   * case some may have been made; making them again is safe.
   */
  async subscribeAll(wishes: readonly SubscribeWish[], options?: SendOptions): Promise<readonly SubscribeResult[]> {
    const build: Build<SubscribeWish> = ({ owner, wantsData = true, ...wish }, signedAt) =>
      buildSubscribeRequest(owner, { ...wish, wantsData, signedAt })
    return (await this.#sendAll('/subscribe', wishes, build, options)).map(asSubscribed)
  }

  /** The same for unsubscriptions. */
  async unsubscribeAll(
    wishes: readonly UnsubscribeWish[],
    options?: SendOptions,
  ): Promise<readonly UnsubscribeResult[]> {
    const build: Build<UnsubscribeWish> = ({ owner, ...device }, signedAt) =>
      buildUnsubscribeRequest(owner, { ...device, signedAt })
    return (await this.#sendAll('/unsubscribe', wishes, build, options)).map(asUnsubscribed)
  }

  /**
   * The key that a browser or UnifiedPush distributor wants when it makes an endpoint (`applicationServerKey`, base64url); undefined where the relay serves no Web
   * Push. Throws `ClientError`s.
   */
  async applicationServerKey(options: SendOptions = {}): Promise<string | undefined> {
    const { environment, sender } = this.#parts
    const server = await this.#server()
    const limits = { signal: options.signal, deadlineAt: environment.now() + (options.deadlineMs ?? DEADLINE_MS) }
    return retry(environment, POLICY, limits, async (remainingMs): Promise<Outcome<string | undefined>> => {
      const request = { method: 'GET', endpoint: '/application_server_key', headers: {} }
      const reply = await sender.sendToServer(server, request, {
        timeoutMs: TRY_TIMEOUT_MS,
        ...options,
        deadlineMs: remainingMs,
      })
      if (reply.code === 404) return { kind: 'done', value: undefined }
      return judgeStatus(reply) ?? { kind: 'done', value: readApplicationServerKey(reply) }
    })
  }

  async #server(): Promise<ServerDestination> {
    const service = (await this.#parts.directory.network()).services.push
    if (service === undefined) throw new NoPushServiceError()
    return serverAt(new URL(service.url), service.x25519)
  }

  async #sendAll<W>(
    endpoint: Endpoint,
    wishes: readonly W[],
    build: Build<W>,
    options: SendOptions = {},
  ): Promise<readonly PushResult[]> {
    if (wishes.length === 0) return []
    const server = await this.#server()
    // What is signed ahead of the time would count as later than all that is signed once the time is known.
    if (!this.#hasAskedTime && this.#parts.clock.offset === 0) await this.#askTime(options)
    this.#hasAskedTime = true
    const signedAt = this.#time()
    const results: PushResult[] = []
    for (const part of inBatches(wishes, (wish) => build(wish, signedAt))) {
      const batch = { endpoint, wishes: part, build, results: [], tries: 0, hasAskedTime: false }
      results.push(...(await this.#sendBatch(server, batch, options)))
    }
    return results
  }

  #sendBatch<W>(server: ServerDestination, batch: Batch<W>, options: SendOptions): Promise<readonly PushResult[]> {
    const { environment } = this.#parts
    const limits = {
      signal: options.signal,
      deadlineAt: environment.now() + (options.deadlineMs ?? DEADLINE_MS),
      onRetry: (notice: RetryNotice) => options.onEvent?.({ kind: 'retrying', ...notice }),
    }
    return retry(environment, POLICY, limits, (remainingMs) =>
      this.#attempt(server, batch, { timeoutMs: TRY_TIMEOUT_MS, ...options, deadlineMs: remainingMs }),
    )
  }

  /** Sends what has no final result yet. */
  async #attempt<W>(
    server: ServerDestination,
    batch: Batch<W>,
    options: SendOptions,
  ): Promise<Outcome<readonly PushResult[]>> {
    const { endpoint, wishes, build, results } = batch
    batch.tries++
    const pending = wishes.flatMap((wish, index) => (results[index] === undefined ? [{ wish, index }] : []))
    const signedAt = this.#time()
    const body = encodePushRequests(pending.map(({ wish }) => build(wish, signedAt)))
    const headers = { 'Content-Type': 'application/json' }
    const reply = await this.#parts.sender.sendToServer(server, { method: 'POST', endpoint, headers, body }, options)
    const failure = judgeStatus(reply)
    if (failure !== undefined) return failure
    const answers = readPushResults(reply, pending.length)
    const isSignedAnew = await this.#correctTime(batch, answers, options)
    let again: PushRefusedError | undefined
    for (const [at, { index }] of pending.entries()) {
      const answer = answers[at]
      if (answer === undefined) throw new PushReplyError()
      const isCurable = isTransient(answer) || (isSignedAnew && isRefusedAsWrong(answer))
      if (!isCurable || batch.tries >= POLICY.tries) results[index] = answer
      else if (answer.kind === 'refused') again = new PushRefusedError(answer.errorCode, answer.message)
    }
    if (again !== undefined) return { kind: 'retry', error: again }
    return { kind: 'done', value: results.filter((result) => result !== undefined) }
  }

  /**
   * A refused signature may be one of a clock that is wrong, which the code does not tell apart (push §2.3, §2.4): asks the network for the time, once. Whether
   * that makes a difference.
   */
  async #correctTime<W>(batch: Batch<W>, answers: readonly PushResult[], options: SendOptions): Promise<boolean> {
    if (batch.hasAskedTime || !answers.some(isRefusedAsWrong)) return false
    batch.hasAskedTime = true
    const { clock } = this.#parts
    const before = clock.offset
    await this.#askTime(options)
    return Math.abs(clock.offset - before) >= NOTABLE_OFFSET_MS
  }

  /** Teaches the clock the network's time, if anybody tells it. */
  async #askTime({ signal }: SendOptions): Promise<void> {
    try {
      await this.#parts.mailboxes.info({ signal, deadlineMs: TIME_DEADLINE_MS })
    } catch (error) {
      // The clock of the device is as good as none; whether that matters, the relay's answer says.
      if (!(error instanceof ClientError) || signal?.aborted === true) throw error
    }
  }

  /** The network's time in seconds. */
  #time(): number {
    return Math.floor(this.#parts.clock.now() / 1_000)
  }
}
