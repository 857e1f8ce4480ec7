/** Codes of the errors that say that the core cannot take a request now, or not this one. */
export const REFUSAL_CODES = [
  'BUS_NO_RESPONDER',
  'BUS_UNAVAILABLE',
  'BUS_TIMEOUT',
  'BUS_BUSY',
  'BUS_PAYLOAD_TOO_LARGE',
] as const

/** Why the core has not answered. */
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** Where the storage RPC tells what it could not do; nothing of the request is ever passed. */
export interface StorageObserver {
  /** Counted and not logged: while the core is away, every request ends here. */
  storageRefused(code: RefusalCode): void
  failed(where: 'storage-rpc', error: unknown): void
}
