import { createHash } from 'node:crypto'
import type { NewNotification, Notifications, TakenNotification } from '../notifications.ts'

/** What a suite asks an adapter to open. */
export interface Opening {
  /** Names the data: a place that was not opened before is empty, one that was has what was left there. */
  readonly place: string
  readonly duplicateWindowMs: number
  /** Most notifications that may wait for one device of one service: adapters may count more coarsely, but not by more than a partition. */
  readonly capacity: number
}

export type OpenNotifications = (opening: Opening) => Promise<Notifications>

/** Opens a store that is closed after the test; at a new place when none is given. */
export type StartNotifications = (opening?: Partial<Opening>) => Promise<Notifications>

export const NOON = 1_750_000_000_000
export const WINDOW = 600_000
export const LEASE = 30_000
export const SERVICE = 'firebase'

/** 16 bytes whose first decides the partition of adapters that have some. */
export function deviceOf(number: number): Uint8Array {
  return Uint8Array.of(number % 256, ...new Array<number>(14).fill(7), Math.floor(number / 256))
}

/** A notification whose content is its label, followed by as many zero bytes as asked for. */
export function notification(
  label: string,
  changes: Partial<NewNotification> & { readonly length?: number } = {},
): NewNotification {
  const { length = 0, ...rest } = changes
  return {
    service: SERVICE,
    device: deviceOf(1),
    duplicateKey: createHash('sha256').update(label).digest(),
    expiresAt: NOON + 86_400_000,
    content: Buffer.concat([Buffer.from(label), new Uint8Array(length)]),
    ...rest,
  }
}

export function labelOf({ content }: { readonly content: Uint8Array }): string {
  const end = content.indexOf(0)
  return Buffer.from(content.subarray(0, end === -1 ? content.length : end)).toString()
}

/** Accepts notifications one after the other, so that they are in order. */
export async function acceptAll(
  store: Notifications,
  notifications: readonly NewNotification[],
  now = NOON,
): Promise<void> {
  for (const one of notifications) await store.accept([one], now)
}

/** Takes what is due. */
export async function take(
  store: Notifications,
  { service = SERVICE, limit = 1_000, now = NOON, leaseMs = LEASE } = {},
): Promise<readonly TakenNotification[]> {
  return store.take(service, { limit, now, leaseMs })
}

/** Labels of what is due, which are taken by that. */
export async function takeLabels(
  store: Notifications,
  options: Parameters<typeof take>[1] = {},
): Promise<readonly string[]> {
  return (await take(store, options)).map(labelOf)
}

/** Books in one line: accepted, then the ends in their order, then waiting. */
export async function booksOf(store: Notifications, service = SERVICE): Promise<readonly number[]> {
  const books = (await store.books()).get(service)
  if (books === undefined) return []
  const { accepted, ends, waiting } = books
  return [accepted, ends['handed-over'], ends.expired, ends['token-dead'], ends['given-up'], waiting]
}
