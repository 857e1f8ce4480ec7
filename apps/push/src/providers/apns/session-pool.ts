import type { Deadline, DeadlineWheel } from '#runtime'
import { type ProviderError, ProviderTimeoutError, ProviderUnreachableError } from '../errors.ts'
import type { ApnsReply } from './apns-reply.ts'
import type { ApnsRequest } from './apns-request.ts'
import { ApnsSession, type ApnsSessionOptions, type ApnsSessionOwner } from './apns-session.ts'
import { ApnsBusyError } from './errors.ts'
import type { StreamEnd } from './stream-record.ts'

export interface SessionPoolOptions extends ApnsSessionOptions {
  readonly sessions: number
  readonly waiting: number
  readonly now: () => number
}

/** A request that waits for room or is under way on `session`. */
interface Exchange {
  readonly request: ApnsRequest
  readonly settle: (result: ApnsReply | ProviderError) => void
  deadline: Deadline
  attempts: number
  session?: ApnsSession
  giveUp?: () => void
  isSettled: boolean
}

/** How often a request that a peer has not looked at is sent again, and how many connections in a row may end without an answer. */
const MOST_ATTEMPTS = 3
/** How long no further connection is tried after a fruitless one, as long as there is another that works. */
const PAUSE_MS = 1000

/**
 * A few connections, opened when those there are have no room, and the requests that wait for room on one. Every request ends: with an answer, or with
 * an error by its deadline.
 */
export class SessionPool implements ApnsSessionOwner {
  /** Those that take streams, the one that is being connected included. */
  readonly #active = new Set<ApnsSession>()
  readonly #open = new Set<ApnsSession>()
  readonly #waiting = new Set<Exchange>()
  readonly #deadlines: DeadlineWheel
  /** Connections in a row that ended before they carried an answer. */
  #fruitless = 0
  #pausedUntil = 0
  #resolveClosed: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(private readonly options: SessionPoolOptions) {
    this.#deadlines = options.deadlines
  }

  /** Connections whose socket is not closed yet, those that are being drained included. */
  get sessions(): number {
    return this.#open.size
  }

  /** Requests that wait for room. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves with the answer or with what came in between; never rejects. */
  exchange(request: ApnsRequest): Promise<ApnsReply | ProviderError> {
    if (this.#closing !== undefined) return Promise.resolve(new ProviderUnreachableError())
    if (this.#waiting.size >= this.options.waiting) return Promise.resolve(new ApnsBusyError())
    return new Promise((settle) => {
      const exchange: Exchange = {
        request,
        settle,
        deadline: this.#deadlines.start(this.options.deadlineMs, () => this.#expire(exchange)),
        attempts: 0,
        isSettled: false,
      }
      this.#waiting.add(exchange)
      this.#dispatch()
    })
  }

  /** Turns away what waits, lets what is under way end by its deadline, and closes the connections. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      if (this.#open.size === 0) resolve()
      else this.#resolveClosed = resolve
    })
    this.#failWaiting(undefined)
    for (const session of this.#open) session.retire()
    return this.#closing
  }

  onRoom(): void {
    this.#dispatch()
  }

  onRetired(session: ApnsSession): void {
    this.#active.delete(session)
    if (!session.hasAnswered) this.#pausedUntil = this.options.now() + PAUSE_MS
    // A connection that could not be made says so when it is closed; another one at once would fare no better.
    if (session.isReady) this.#dispatch()
  }

  onClosed(session: ApnsSession, cause: unknown): void {
    this.#open.delete(session)
    if (!session.hasAnswered) this.#fruitless++
    if ((!session.isReady && this.#active.size === 0) || this.#fruitless >= MOST_ATTEMPTS) {
      this.#fruitless = 0
      this.#failWaiting(cause)
    }
    this.#dispatch()
    if (this.#open.size === 0) this.#resolveClosed?.()
  }

  #dispatch(): void {
    for (const exchange of this.#waiting) {
      const session = this.#roomiest()
      if (session === undefined) break
      this.#waiting.delete(exchange)
      exchange.session = session
      exchange.giveUp = session.begin(exchange.request, (end) => this.#ended(exchange, end))
    }
    if (this.#waiting.size > 0 && this.#mayConnect()) this.#connect()
  }

  #roomiest(): ApnsSession | undefined {
    let best: ApnsSession | undefined
    for (const session of this.#active) if (session.room > (best?.room ?? 0)) best = session
    return best
  }

  /** One at a time: the one that is being connected may have room for all that waits. */
  #mayConnect(): boolean {
    if (this.#active.size === 0) return true
    if (this.#active.size >= this.options.sessions || this.options.now() < this.#pausedUntil) return false
    for (const session of this.#active) if (!session.isReady) return false
    return true
  }

  #connect(): void {
    const session = new ApnsSession(this.options, this)
    this.#active.add(session)
    this.#open.add(session)
  }

  #ended(exchange: Exchange, end: StreamEnd): void {
    delete exchange.session
    if (exchange.isSettled) return
    if (end.kind === 'answered') {
      this.#fruitless = 0
      return this.#settle(exchange, end.reply)
    }
    if (end.kind === 'unprocessed' && ++exchange.attempts < MOST_ATTEMPTS && this.#closing === undefined) {
      this.#waiting.add(exchange)
      return this.#dispatch()
    }
    this.#settle(exchange, new ProviderUnreachableError({ cause: end.cause }))
  }

  /** A connection on which a request got no answer in time may be dead: it is replaced, and what else is on it may still end well. */
  #expire(exchange: Exchange): void {
    this.#waiting.delete(exchange)
    this.#settle(exchange, new ProviderTimeoutError())
    if (exchange.session === undefined) return
    exchange.session.retire()
    exchange.giveUp?.()
  }

  #failWaiting(cause: unknown): void {
    for (const exchange of this.#waiting) {
      this.#waiting.delete(exchange)
      this.#settle(exchange, new ProviderUnreachableError({ cause }))
    }
  }

  #settle(exchange: Exchange, result: ApnsReply | ProviderError): void {
    exchange.isSettled = true
    exchange.deadline.cancel()
    exchange.settle(result)
  }
}
