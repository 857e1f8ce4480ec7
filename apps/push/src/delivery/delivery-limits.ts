/** How much delivery takes upon itself, for each push service. */
export interface DeliveryLimits {
  /** Requests to the provider under way at once. */
  readonly maxInFlight: number
  /** Notifications held for the end of their device's window; when there are more, a device gets its wake-up early. */
  readonly maxHeld: number
  /** Devices whose last wake-up is remembered; those beyond are woken at once, each time. */
  readonly maxWindows: number
  /** Milliseconds after a wake-up in which further notifications for the device are held; 0 turns batching off. */
  readonly batchWindowMs: number
  /**
   * How long a notification is taken for, in milliseconds. It has to be more than twice the window, and well above twice the deadline of a
   * provider: a notification that has waited for half of it is left for whoever takes it next.
   */
  readonly leaseMs: number
  /** Milliseconds after which an idle queue is looked at again, for what other replicas have left behind. */
  readonly safetyIntervalMs: number
  /** Failures of the provider in a row that open the circuit breaker. */
  readonly breakerThreshold: number
  /** Milliseconds for which the breaker opens at first; doubles with each probe that fails. */
  readonly breakerFirstMs: number
  /** Longest time for which the breaker opens, before jitter and unless the provider asks for more. */
  readonly breakerMaxMs: number
}

export const DEFAULT_DELIVERY_LIMITS: DeliveryLimits = {
  maxInFlight: 256,
  maxHeld: 1_024,
  maxWindows: 16_384,
  batchWindowMs: 500,
  leaseMs: 60_000,
  safetyIntervalMs: 5_000,
  breakerThreshold: 10,
  breakerFirstMs: 1_000,
  breakerMaxMs: 30_000,
}

/** Throws a `RangeError` for limits with which a held notification would go back to the queue instead of to its device. */
export function checkDeliveryLimits(limits: DeliveryLimits): void {
  if (limits.batchWindowMs * 2 >= limits.leaseMs) throw new RangeError('leaseMs must be more than twice batchWindowMs')
}
