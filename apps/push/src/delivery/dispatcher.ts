import type { Clock } from '#runtime'
import type { Notifications, TakenNotification } from '#stores'
import type { OutgoingNotification, Provider, SendOutcome } from '../providers/provider.ts'
import { Alarm } from './alarm.ts'
import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts'
import type { DeliveryLimits } from './delivery-limits.ts'
import type { DeliveryObserver } from './delivery-observer.ts'
import { Judgement } from './judgement.ts'
import { QueueIntake } from './queue-intake.ts'
import { Settlement, type SettlementObserver } from './settlement.ts'
import type { ComposedWakeUp, OpenedContent, WakeUp } from './wake-up.ts'
import { WakeUpWindows } from './wake-up-windows.ts'

export interface DispatcherOptions {
  readonly service: string
  readonly provider: Provider
  readonly notifications: Notifications
  /** Opens the content of a queued notification; throws when it is unreadable. */
  readonly open: (content: Uint8Array) => OpenedContent
  /**
   * Makes durable that the token behind the device (16 bytes) has been dead since then, in milliseconds since the Unix epoch; may be
   * called again for the same, and is for as long as it rejects.
   */
  readonly onDeadToken: (device: Uint8Array, since: number) => Promise<void>
  readonly clock: Clock
  /** Milliseconds on a clock that never goes back. */
  readonly monotonic: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly limits: DeliveryLimits
  readonly observer: DeliveryObserver
}

/** What a dispatcher has to do with at this moment. */
export interface DispatcherState {
  readonly breaker: BreakerState
  /** Requests under way. */
  readonly inFlight: number
  /** Notifications taken from the queue and not yet settled, those held and those under way included. */
  readonly taken: number
  /** Notifications held for the end of a window. */
  readonly held: number
}

/**
 * Carries the notifications of one service from their queue to the provider. It takes as many as keep the provider busy, so what it holds in memory is bounded
 * however long the queue is: `2 × maxInFlight + maxHeld` at most. What it has taken and lost sight of comes back when the lease is over.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #intake: QueueIntake
  readonly #breaker: CircuitBreaker
  readonly #windows: WakeUpWindows
  readonly #settlement: Settlement
  readonly #judgement: Judgement
  /** Rings when the window of a device is over. */
  readonly #windowAlarm: Alarm
  /** When each was taken, by id. */
  readonly #taken = new Map<string, number>()
  readonly #sending = new Set<Promise<void>>()
  #ready: WakeUp[] = []
  #isStopping = false

  constructor(options: DispatcherOptions) {
    this.#options = options
    const { provider, limits, monotonic, random } = options
    this.#intake = new QueueIntake({
      ...options,
      room: () => this.#room(),
      receive: (taken) => this.#receive(taken),
      proceed: () => this.#proceed(),
    })
    this.#windowAlarm = new Alarm(monotonic, () => this.#endWindows())
    this.#windows = new WakeUpWindows({
      windowMs: provider.keepsOnlyLast ? limits.batchWindowMs : 0,
      maxHeld: limits.maxHeld,
      maxDevices: limits.maxWindows,
    })
    this.#breaker = new CircuitBreaker({
      threshold: limits.breakerThreshold,
      firstMs: limits.breakerFirstMs,
      maxMs: limits.breakerMaxMs,
      monotonic,
      random,
      changed: (state) => this.#breakerChanged(state),
    })
    this.#settlement = new Settlement({ ...options, observer: this.#settlementObserver() })
    this.#judgement = new Judgement({ ...options, breaker: this.#breaker, settlement: this.#settlement })
  }

  get state(): DispatcherState {
    const [inFlight, taken, held] = [this.#sending.size, this.#taken.size, this.#windows.held]
    return { breaker: this.#breaker.state, inFlight, taken, held }
  }

  /** Something may be due in the queue. */
  wake(): void {
    this.#intake.wake()
    this.#proceed()
  }

  /** Takes no more, waits for the requests under way and puts everything else back. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#windowAlarm.cancel()
    await this.#intake.stop()
    this.#putBackAll()
    await Promise.all(this.#sending)
    await this.#settlement.finish()
  }

  #proceed(): void {
    if (this.#isStopping) return
    this.#breaker.refresh()
    if (this.#breaker.state === 'open') return this.#intake.lookWithin(this.#breaker.opensForMs)
    this.#launch()
    this.#intake.takeIfPossible()
  }

  /** How many may be taken now. While the provider is in trouble the queue stays where it is. */
  #room(): number {
    const { maxInFlight, maxHeld } = this.#options.limits
    if (!this.#breaker.isPassable || this.#ready.length > maxInFlight / 2) return 0
    if (this.#breaker.state === 'half-open') return this.#ready.length === 0 ? 1 : 0
    return Math.min(maxInFlight, 2 * maxInFlight + maxHeld - this.#taken.size)
  }

  #receive(taken: readonly TakenNotification[]): void {
    const now = this.#options.monotonic()
    for (const notification of taken) {
      // One whose lease ended before its outcome could be written: it is still being written.
      if (this.#taken.has(notification.id)) continue
      this.#taken.set(notification.id, now)
      const wakeUp = this.#windows.add(notification)
      if (wakeUp !== undefined) this.#ready.push(wakeUp)
    }
    this.#launch()
  }

  #launch(): void {
    const { limits, monotonic } = this.#options
    while (!this.#isStopping && this.#sending.size < limits.maxInFlight && this.#breaker.isPassable) {
      const wakeUp = this.#ready.shift()
      if (wakeUp === undefined) break
      const composed = this.#compose(wakeUp)
      if (composed === undefined) this.#windows.dropped(wakeUp)
      else this.#begin(wakeUp, composed)
    }
    const windowEnd = this.#windows.nextEnd
    if (windowEnd !== undefined && !this.#isStopping) this.#windowAlarm.setWithin(Math.max(0, windowEnd - monotonic()))
  }

  /** What is to be sent of a wake-up, without what has expired or is too near the end of its lease. */
  #compose(wakeUp: WakeUp): ComposedWakeUp | undefined {
    const { service, clock, monotonic, limits, open, observer } = this.#options
    const staleBefore = monotonic() - limits.leaseMs / 2
    const stale = wakeUp.remove(({ id }) => (this.#taken.get(id) ?? -Infinity) <= staleBefore)
    for (const { id } of stale) this.#taken.delete(id)
    const now = clock.now()
    const expired = wakeUp.remove(({ expiresAt }) => expiresAt <= now)
    this.#settlement.end(expired, 'expired')
    return wakeUp.compose(open, (notification, error) => {
      observer.failed(service, 'open', error)
      this.#settlement.end([notification], 'given-up')
    })
  }

  #begin(wakeUp: WakeUp, { newest, outgoing }: ComposedWakeUp): void {
    this.#windows.sent(wakeUp, this.#options.monotonic())
    const startedAt = this.#options.clock.now()
    const request = { notifications: wakeUp.notifications, newest, period: this.#breaker.enter(), startedAt }
    const sending = this.#send(outgoing).then((outcome) => {
      this.#sending.delete(sending)
      this.#judgement.judge(request, outcome)
      this.#proceed()
    })
    this.#sending.add(sending)
  }

  async #send(outgoing: OutgoingNotification): Promise<SendOutcome> {
    const { service, provider, observer } = this.#options
    try {
      return await provider.send(outgoing)
    } catch (cause) {
      // Against the port's promise: a fault of the program, perhaps for this notification only.
      observer.failed(service, 'send', cause)
      const error = new Error('the provider threw instead of answering', { cause })
      return { kind: 'retry', blame: 'notification', error }
    }
  }

  #endWindows(): void {
    this.#ready.push(...this.#windows.due(this.#options.monotonic()))
    this.#proceed()
  }

  #breakerChanged(state: BreakerState): void {
    this.#options.observer.breaker(this.#options.service, state)
    if (state === 'open') this.#putBackAll()
  }

  /** Gives back what was taken and not sent, as it was. */
  #putBackAll(): void {
    const now = this.#options.clock.now()
    const unsent = this.#ready.flatMap(({ notifications }) => notifications)
    for (const wakeUp of this.#ready) this.#windows.dropped(wakeUp)
    this.#ready = []
    for (const notification of [...unsent, ...this.#windows.releaseHeld()]) {
      this.#settlement.postpone(notification, now, notification.attempts)
    }
  }

  #settlementObserver(): SettlementObserver {
    const { service, clock, observer } = this.#options
    return {
      ended: (end, count, notifications) => {
        const now = clock.now()
        const durationsMs = notifications.map(({ acceptedAt }) => now - acceptedAt)
        observer.ended(service, end, count, durationsMs)
        this.#forget(notifications)
      },
      postponed: (notification, dueAt) => {
        this.#intake.lookWithin(dueAt - clock.now())
        this.#forget([notification])
      },
      deviceEnded: (device, acceptedUntil) => this.#dropDevice(device, acceptedUntil),
      failed: (stage, error) => observer.failed(service, stage, error),
    }
  }

  #forget(notifications: readonly TakenNotification[]): void {
    for (const { id } of notifications) this.#taken.delete(id)
    this.#proceed()
  }

  #dropDevice(device: Uint8Array, acceptedUntil: number): void {
    const isGone = ({ acceptedAt }: TakenNotification): boolean => acceptedAt <= acceptedUntil
    const gone = [...this.#windows.removeHeld(device, isGone)]
    for (const wakeUp of this.#ready) {
      if (isSame(wakeUp.device, device)) gone.push(...wakeUp.remove(isGone))
    }
    this.#forget(gone)
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, index) => byte === other[index])
}
