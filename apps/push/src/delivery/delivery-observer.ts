import type { NotificationEnd } from '#stores'
import type { BreakerState } from './circuit-breaker.ts'

/** Where something failed that delivery goes on after. */
export type DeliveryStage = 'take' | 'open' | 'send' | 'refused' | 'end' | 'postpone' | 'dead-token'

/** Is told what happens; nothing it gets names a user, a device or a message, unless an error of a provider or store does. */
export interface DeliveryObserver {
  /** `count` notifications have left their queue. `durationsMs`: from acceptance to the end, of each that this process had taken. */
  ended(service: string, end: NotificationEnd, count: number, durationsMs: readonly number[]): void
  /** One request has failed and is tried again, or has failed for the last time. */
  attemptFailed(service: string, blame: 'provider' | 'notification', error: Error): void
  /** The circuit breaker of the service has another state. */
  breaker(service: string, state: BreakerState): void
  failed(service: string, stage: DeliveryStage, error: unknown): void
}
