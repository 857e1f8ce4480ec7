/** `ok`, or the code of the error. */
export type Outcome = string

/**
 * What a service may want to count. Subjects are the declared ones, a fixed small set, so they can be metric labels.
 * The methods must not throw.
 */
export interface BusObserver {
  /** Monotonic time in milliseconds, for the durations below. */
  now(): number
  requestSent?(subject: string, outcome: Outcome, durationMs: number): void
  requestHandled?(subject: string, outcome: Outcome, durationMs: number): void
  eventPublished?(subject: string, outcome: Outcome, durationMs: number): void
  eventHandled?(subject: string, outcome: 'ack' | 'retry' | 'dead', durationMs: number): void
  /** A handler, or the transport around it, failed with an error that does not cross the bus whole; the place to log it. */
  failed?(subject: string, error: unknown): void
}
