import type { EndpointRequest } from './endpoint.ts'

/** Hears of every exchange, by route pattern only: metrics and logs are its business. */
export interface ExchangeObserver {
  answered(door: EndpointRequest['door'], route: string, status: number): void
  /** An endpoint threw; the answer was made from the error. */
  failed(door: EndpointRequest['door'], route: string, error: unknown): void
  /** A sealed request was opened with a key that is not the newest. */
  openedWithOldKey(): void
}
