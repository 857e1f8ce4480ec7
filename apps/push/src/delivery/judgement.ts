import type { Clock } from '#runtime'
import type { TakenNotification } from '#stores'
import type { SendOutcome } from '../providers/provider.ts'
import type { BreakerPeriod, CircuitBreaker } from './circuit-breaker.ts'
import type { DeliveryObserver } from './delivery-observer.ts'
import { MAX_ATTEMPTS, retryAfter, retryDelay, withJitter } from './retry-table.ts'
import type { Settlement } from './settlement.ts'

/** A request to the provider that was answered. */
export interface AnsweredRequest {
  /** All that the request stands for: they get the same end, or are tried again together. */
  readonly notifications: readonly TakenNotification[]
  /** The one of them that was sent. */
  readonly newest: TakenNotification
  readonly period: BreakerPeriod
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
}

export interface JudgementOptions {
  readonly service: string
  readonly breaker: CircuitBreaker
  readonly settlement: Pick<Settlement, 'end' | 'postpone' | 'tokenDead'>
  readonly clock: Clock
  readonly random: () => number
  readonly observer: Pick<DeliveryObserver, 'attemptFailed' | 'failed'>
}

type Retry = Extract<SendOutcome, { kind: 'retry' }>

/** Milliseconds, before jitter, until a notification is tried again whose failure does not count. */
const UNCOUNTED_DELAY_MS = 1_000

/** Decides from what a provider has said what becomes of notifications (push §7.4). */
export class Judgement {
  readonly #options: JudgementOptions

  constructor(options: JudgementOptions) {
    this.#options = options
  }

  judge(request: AnsweredRequest, outcome: SendOutcome): void {
    const { service, breaker, settlement, observer } = this.#options
    const { notifications, newest, period, startedAt } = request
    if (outcome.kind === 'retry') return this.#retry(request, outcome)
    if (outcome.kind === 'busy') return this.#comeAgain(request, outcome.afterMs)
    breaker.succeeded(period)
    switch (outcome.kind) {
      case 'handed-over':
        return settlement.end(notifications, 'handed-over')
      case 'token-dead':
        // A provider whose clock is ahead cannot mean registrations that came after the request.
        return settlement.tokenDead(newest.device, Math.min(outcome.since ?? startedAt, startedAt), notifications)
      case 'refused':
        observer.failed(service, 'refused', outcome.error)
        return settlement.end(notifications, 'given-up')
    }
  }

  /** Each notification has attempts of its own: one that joins an older one's wake-up loses none of them. */
  #retry({ notifications, newest, period }: AnsweredRequest, { blame, afterMs, error }: Retry): void {
    const { service, breaker, settlement, clock, observer } = this.#options
    observer.attemptFailed(service, blame, error)
    if (blame === 'notification') breaker.undecided(period)
    const counts = blame === 'notification' || breaker.failed(period, afterMs)
    const dueAt = clock.now() + (counts ? this.#delay(newest.attempts + 1, afterMs) : this.#uncountedDelay(afterMs))
    const ended = { 'given-up': [] as TakenNotification[], expired: [] as TakenNotification[] }
    for (const notification of notifications) {
      const attempts = notification.attempts + (counts ? 1 : 0)
      if (attempts >= MAX_ATTEMPTS) ended['given-up'].push(notification)
      else if (dueAt >= notification.expiresAt) ended.expired.push(notification)
      else settlement.postpone(notification, dueAt, attempts)
    }
    settlement.end(ended['given-up'], 'given-up')
    settlement.end(ended.expired, 'expired')
  }

  /** Whoever was not tried has lost nothing but time. */
  #comeAgain({ notifications, period }: AnsweredRequest, afterMs: number): void {
    const { breaker, settlement, clock, random } = this.#options
    breaker.undecided(period)
    const dueAt = clock.now() + Math.ceil(withJitter(afterMs, random))
    const isTooLate = ({ expiresAt }: TakenNotification): boolean => dueAt >= expiresAt
    settlement.end(notifications.filter(isTooLate), 'expired')
    for (const one of notifications) if (!isTooLate(one)) settlement.postpone(one, dueAt, one.attempts)
  }

  #delay(failures: number, afterMs: number | undefined): number {
    return retryDelay(failures, afterMs, this.#options.random)
  }

  /** Until the breaker lets a probe through: this notification may be the probe. */
  #uncountedDelay(afterMs: number | undefined): number {
    const { breaker, random } = this.#options
    const delay = breaker.state === 'open' ? breaker.opensForMs : withJitter(UNCOUNTED_DELAY_MS, random)
    return Math.ceil(Math.max(delay, retryAfter(afterMs)))
  }
}
