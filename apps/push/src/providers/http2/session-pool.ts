import { type ProviderError, ProviderTimeoutError, ProviderUnreachableError } from '../errors.ts'
import type { Http2Request, NoReply, ReceivedReply } from './exchange.ts'
import { PooledSession, type PooledSessionOptions, type PooledSessionOwner } from './pooled-session.ts'
import type { SendDeadline } from './send-deadline.ts'
import type { StreamEnd } from './stream-record.ts'

export interface SessionPoolOptions extends PooledSessionOptions {
  /** Connections at most. */
  readonly sessions: number
  /** Requests at most that wait for room. */
  readonly waiting: number
}

/** A request that waits for room or is under way on `session`. */
interface Exchange {
  readonly request: Http2Request
  readonly settle: (result: ReceivedReply | NoReply) => void
  attempts: number
  session?: PooledSession
  /** How many answers the session had carried when the request was sent. */
  answersBefore: number
  giveUp?: () => void
  isSettled: boolean
}

/** Two ids are used up by each request, and 2³¹ there are. */
export const REQUESTS_PER_SESSION = 1_000_000_000
/** More than delivery has in flight. */
export const MOST_WAITING = 4_096
/** How often a request that a peer has not looked at is sent again, and how many connections in a row may end without an answer. */
const MOST_ATTEMPTS = 3
/** How long no further connection is tried after a fruitless one, as long as there is another that works. */
const PAUSE_MS = 1000
/** When to come again after all places to wait were taken. */
const BUSY_DELAY_MS = 1000

/**
 * A few connections, opened when those there are have no room, and the requests that wait for room on one. Every request ends: with an answer, or with
 * an error by its deadline.
 */
export class SessionPool implements PooledSessionOwner {
  /** Those that take streams, the one that is being connected included. */
  readonly #active = new Set<PooledSession>()
  readonly #open = new Set<PooledSession>()
  readonly #waiting = new Set<Exchange>()
  /** Connections in a row that ended before they carried an answer. */
  #fruitless = 0
  #pausedUntil = 0
  #resolveClosed: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(private readonly options: SessionPoolOptions) {}

  /** Connections whose socket is not closed yet, those that are being drained included. */
  get sessions(): number {
    return this.#open.size
  }

  /** Requests that wait for room. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves with the reply, or with what becomes of the notification when there is none; never rejects. The deadline is the caller's to cancel. */
  exchange(request: Http2Request, deadline: SendDeadline): Promise<ReceivedReply | NoReply> {
    if (this.#closing !== undefined) return Promise.resolve(retry(new ProviderUnreachableError()))
    if (this.#waiting.size >= this.options.waiting) return Promise.resolve({ kind: 'busy', afterMs: BUSY_DELAY_MS })
    for (const session of this.#active) if (session.isStale) session.retire()
    return new Promise((settle) => {
      const exchange: Exchange = { request, settle, attempts: 0, answersBefore: 0, isSettled: false }
      this.#waiting.add(exchange)
      deadline.onExpiry(() => this.#expire(exchange))
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

  /** Ends at once what is under way too, and closes the connections. */
  abort(): Promise<void> {
    const closed = this.close()
    for (const session of this.#open) session.break()
    return closed
  }

  onRoom(): void {
    this.#dispatch()
  }

  onRetired(session: PooledSession): void {
    this.#active.delete(session)
    if (session.answers === 0) this.#pausedUntil = this.options.now() + PAUSE_MS
    // A connection that could not be made says so when it is closed; another one at once would fare no better.
    if (session.isReady) this.#dispatch()
  }

  onClosed(session: PooledSession, cause: unknown): void {
    this.#open.delete(session)
    if (session.answers === 0) this.#fruitless++
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
      exchange.answersBefore = session.answers
      exchange.giveUp = session.begin(exchange.request, (end) => this.#ended(exchange, end))
    }
    if (this.#waiting.size > 0 && this.#mayConnect()) this.#connect()
  }

  #roomiest(): PooledSession | undefined {
    let best: PooledSession | undefined
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
    const session = new PooledSession(this.options, this)
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
    this.#settle(exchange, retry(new ProviderUnreachableError({ cause: end.cause })))
  }

  /**
   * A connection on which no request got an answer since this one was sent may be dead: it is replaced, and what else is on it may still end well.
   * Where others were answered, only this one is given up.
   */
  #expire(exchange: Exchange): void {
    if (exchange.isSettled) return
    this.#waiting.delete(exchange)
    this.#settle(exchange, retry(new ProviderTimeoutError()))
    const { session, answersBefore } = exchange
    if (session === undefined) return
    if (session.answers === answersBefore) session.retire()
    exchange.giveUp?.()
  }

  #failWaiting(cause: unknown): void {
    for (const exchange of this.#waiting) {
      this.#waiting.delete(exchange)
      this.#settle(exchange, retry(new ProviderUnreachableError({ cause })))
    }
  }

  #settle(exchange: Exchange, result: ReceivedReply | NoReply): void {
    exchange.isSettled = true
    exchange.settle(result)
  }
}

function retry(error: ProviderError): NoReply {
  return { kind: 'retry', blame: 'provider', error }
}
