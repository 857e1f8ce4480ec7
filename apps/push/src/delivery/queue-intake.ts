import type { Clock } from '#runtime'
import type { Notifications, TakenNotification } from '#stores'
import { Alarm } from './alarm.ts'
import type { DeliveryObserver } from './delivery-observer.ts'
import { withJitter } from './retry-table.ts'

export interface QueueIntakeOptions {
  readonly service: string
  readonly notifications: Pick<Notifications, 'take' | 'nextDue'>
  readonly clock: Clock
  readonly monotonic: () => number
  readonly random: () => number
  readonly limits: { readonly leaseMs: number; readonly safetyIntervalMs: number }
  readonly observer: Pick<DeliveryObserver, 'failed'>
  /** How many may be taken at this moment. */
  readonly room: () => number
  readonly receive: (taken: readonly TakenNotification[]) => void
  /** The moment has come to look into the queue again, or the queue was just looked at. */
  readonly proceed: () => void
}

/** Milliseconds between two looks at a queue that says something is due and then gives nothing. */
const LEAST_PAUSE_MS = 20
/** Milliseconds, before jitter, until a queue is looked at again that could not be read. */
const UNREADABLE_PAUSE_MS = 1_000

/**
 * Takes notifications from the queue of one service: as long as it gives what is asked for, then when it is woken, and when something in it
 * becomes due. One look at a time.
 */
export class QueueIntake {
  readonly #options: QueueIntakeOptions
  readonly #alarm: Alarm
  #looking: Promise<void> | undefined
  /** Whether the queue may have something that is due. */
  #mayHaveMore = false
  #looksAgainAt = -Infinity
  #isStopped = false

  constructor(options: QueueIntakeOptions) {
    this.#options = options
    this.#alarm = new Alarm(options.monotonic, () => {
      this.wake()
      options.proceed()
    })
  }

  /** Something may be due; it is looked for with the next `takeIfPossible`. */
  wake(): void {
    this.#mayHaveMore = true
  }

  /** Looks into the queue in `delayMs` at the latest, and in the safety interval at the latest of all. */
  lookWithin(delayMs: number): void {
    const { safetyIntervalMs } = this.#options.limits
    if (!this.#isStopped) this.#alarm.setWithin(Math.max(LEAST_PAUSE_MS, Math.min(delayMs, safetyIntervalMs)))
  }

  takeIfPossible(): void {
    if (!this.#mayHaveMore || this.#looking !== undefined || this.#isStopped) return
    const pauseMs = this.#looksAgainAt - this.#options.monotonic()
    if (pauseMs > 0) return this.lookWithin(pauseMs)
    const limit = this.#options.room()
    if (limit > 0) this.#looking = this.#look(limit)
  }

  /** Takes no more; what is being taken is received before this resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#alarm.cancel()
    await this.#looking
  }

  async #look(limit: number): Promise<void> {
    const { service, monotonic, random, observer, proceed } = this.#options
    this.#mayHaveMore = false
    try {
      await this.#take(limit)
    } catch (error) {
      observer.failed(service, 'take', error)
      this.#mayHaveMore = true
      this.#looksAgainAt = monotonic() + withJitter(UNREADABLE_PAUSE_MS, random)
    }
    this.#looking = undefined
    proceed()
  }

  async #take(limit: number): Promise<void> {
    const { service, notifications, clock, limits, receive } = this.#options
    const taken = await notifications.take(service, { limit, now: clock.now(), leaseMs: limits.leaseMs })
    if (taken.length >= limit) this.#mayHaveMore = true
    receive(taken)
    if (this.#mayHaveMore || this.#alarm.isSet || this.#isStopped) return
    const dueAt = (await notifications.nextDue(service)) ?? Infinity
    this.lookWithin(dueAt - clock.now())
  }
}
