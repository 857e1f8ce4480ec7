import { jest } from '@jest/globals'
import type { NewNotification, Notifications } from '#stores'
import type { OutgoingNotification, Provider, SendOutcome } from '../providers/provider.ts'
import { createDelivery, type Delivery } from './delivery.ts'
import { DEFAULT_DELIVERY_LIMITS, type DeliveryLimits } from './delivery-limits.ts'
import type { DeliveryStage } from './delivery-observer.ts'
import { MemoryNotifications } from './memory-notifications.suite.ts'
import type { OpenedContent } from './wake-up.ts'

export const HANDED_OVER = { kind: 'handed-over' } satisfies SendOutcome
export const DOWN = { kind: 'retry', blame: 'provider', error: new Error('provider is down') } satisfies SendOutcome
export const NOT_NOW = { kind: 'retry', blame: 'notification', error: new Error('not this one') } satisfies SendOutcome

/** A request as a scripted provider saw it; `at` is the time on the test's clock. */
export interface SeenRequest {
  readonly payload: string
  readonly token: string
  readonly isUrgent: boolean
  readonly at: number
}

/** Answers as it is told and remembers what it was asked. */
export class ScriptedProvider implements Provider {
  readonly seen: SeenRequest[] = []
  underWay = 0
  mostUnderWay = 0
  answer: (request: SeenRequest) => SendOutcome | Promise<SendOutcome> = () => HANDED_OVER

  constructor(readonly keepsOnlyLast = false) {}

  get payloads(): readonly string[] {
    return this.seen.map(({ payload }) => payload)
  }

  async send({ payload, token, isUrgent }: OutgoingNotification): Promise<SendOutcome> {
    const request = { payload, token, isUrgent, at: Date.now() }
    this.seen.push(request)
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay)
    try {
      return await this.answer(request)
    } finally {
      this.underWay--
    }
  }

  async close(): Promise<void> {}
}

/** What the observer was told. */
export class Reports {
  readonly ended: string[] = []
  readonly blames: string[] = []
  readonly breaker: string[] = []
  readonly failed: DeliveryStage[] = []
  readonly durationsMs: number[] = []
  readonly deadTokens: { readonly device: number; readonly since: number }[] = []
}

/** Delivery of service `log` over a queue and a scripted provider; time is that of Jest's timers, chance is always in the middle. */
export class Scene {
  readonly queue = new MemoryNotifications()
  readonly provider: ScriptedProvider
  readonly reports = new Reports()
  onDeadToken: (device: Uint8Array, since: number) => Promise<void> = async () => {}
  delivery: Delivery
  #accepted = 0

  constructor(
    readonly limits: Partial<DeliveryLimits> = {},
    { keepsOnlyLast = false } = {},
  ) {
    this.provider = new ScriptedProvider(keepsOnlyLast)
    this.delivery = this.begin()
  }

  /** Another delivery over the same queue, as after a restart or in another replica. */
  begin(notifications: Notifications = this.queue): Delivery {
    const { reports } = this
    return createDelivery({
      notifications,
      providers: new Map([['log', this.provider]]),
      open: openContent,
      onDeadToken: async (device, since) => {
        await this.onDeadToken(device, since)
        reports.deadTokens.push({ device: device[0] ?? 0, since })
      },
      clock: { now: () => Date.now() },
      monotonic: () => performance.now(),
      random: () => 0.5,
      limits: { ...DEFAULT_DELIVERY_LIMITS, ...this.limits },
      observer: {
        ended: (service, end, count, durationsMs) => {
          reports.ended.push(`${service} ${end} ${count}`)
          reports.durationsMs.push(...durationsMs)
        },
        attemptFailed: (_service, blame) => reports.blames.push(blame),
        breaker: (_service, state) => reports.breaker.push(state),
        failed: (_service, stage) => reports.failed.push(stage),
      },
    })
  }

  /** Accepts one notification for a device and wakes the delivery; payloads are 1, 2, 3 … in the order of acceptance. */
  async accept(device: number, options: Partial<NewNotification> & { isUrgent?: boolean } = {}): Promise<void> {
    await this.queue.accept([newNotification(++this.#accepted, device, options)], Date.now())
    this.delivery.wake(options.service ?? 'log')
  }

  /** Lets `ms` pass, and everything that happens meanwhile. */
  async pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms)
  }
}

/** The `number`th notification; its payload is its number, its token the device's. */
export function newNotification(
  number: number,
  device: number,
  { isUrgent = false, ...options }: Partial<NewNotification> & { isUrgent?: boolean } = {},
): NewNotification {
  const expiresAt = Date.now() + 14 * 86_400_000
  const outgoing = { token: `token ${device}`, payload: String(number), isUrgent }
  return {
    service: 'log',
    device: new Uint8Array(16).fill(device),
    duplicateKey: Buffer.from(String(number).padEnd(32)),
    expiresAt,
    content: Buffer.from(JSON.stringify(outgoing)),
    ...options,
  }
}

export function openContent(content: Uint8Array): OpenedContent {
  const parsed = JSON.parse(Buffer.from(content).toString()) as Omit<OpenedContent, 'serviceData'>
  return { ...parsed, serviceData: new Uint8Array(0) }
}

export function useVirtualTime(): void {
  jest.useFakeTimers({ now: 1_800_000_000_000 })
}

/** A scene whose delivery has begun. */
export async function begun(...args: ConstructorParameters<typeof Scene>): Promise<Scene> {
  const scene = new Scene(...args)
  scene.delivery.start()
  await scene.pass(1)
  return scene
}

/** Stops the delivery of a scene whose requests are all answered. */
export async function stopped(scene: Scene): Promise<void> {
  const stopping = scene.delivery.stop()
  await scene.pass(1)
  await stopping
}
