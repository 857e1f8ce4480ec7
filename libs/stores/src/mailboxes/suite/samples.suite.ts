import type { Mailboxes, MailboxQuota, MessageLimits, MessageQuery, NewMessage } from '../mailboxes.ts'

/** What a suite asks an adapter to open. */
export interface Opening {
  /** Names the data: a place that was not opened before is empty, one that was has what was left there. */
  readonly place: string
  readonly quota: MailboxQuota
}

export type OpenMailboxes = (opening: Opening) => Promise<Mailboxes>

/** Opens mailboxes that are closed after the test; at a new place when none is given. */
export type StartMailboxes = (quota?: MailboxQuota, place?: string) => Promise<Mailboxes>

export const NOON = 1_750_000_000_000
export const DAY = 86_400_000
export const ALICE = `05${'a1'.repeat(32)}`
export const BOB = `03${'b0'.repeat(32)}`
export const ROOMY: MailboxQuota = { messages: 1_000_000, bytes: 1_000_000_000 }
export const UNLIMITED: MessageLimits = { count: Infinity, size: Infinity, overhead: 143 }

/** A message hash that is easy to recognise; the label has base64 characters only. */
export function hashOf(label: string): string {
  return label.padEnd(43, '+')
}

/** A message whose data are as many bytes as asked for, each the first character of its label. */
export function message(label: string, changes: Partial<NewMessage> & { readonly length?: number } = {}): NewMessage {
  const { length = 5, ...rest } = changes
  const account = rest.account ?? ALICE
  return {
    account,
    namespace: 0,
    hash: hashOf(label),
    timestamp: NOON - 1,
    expiry: NOON + DAY,
    data: new Uint8Array(length).fill(label.charCodeAt(0)),
    replacesNamespace: false,
    isProtected: false,
    event: eventOf(account, label),
    ...rest,
  }
}

/** An event whose partition goes with the account, as events have it. */
export function eventOf(account: string, label: string): NewMessage['event'] {
  return {
    partition: Number.parseInt(account.slice(2, 4), 16) % 16,
    payload: new TextEncoder().encode(`event ${label}`),
  }
}

/** Stores messages one after the other. */
export async function storeAll(mailboxes: Mailboxes, messages: readonly NewMessage[], now = NOON): Promise<void> {
  for (const one of messages) await mailboxes.store(one, now)
}

/** Labels of the live messages of a namespace, in order. */
export async function labels(
  mailboxes: Mailboxes,
  { now = NOON, ...changes }: Partial<MessageQuery> & { readonly now?: number } = {},
): Promise<string[]> {
  const query = { account: ALICE, namespace: 0, limits: UNLIMITED, ...changes }
  return (await mailboxes.retrieve(query, now)).messages.map(({ hash }) => labelOf(hash))
}

export function labelOf(hash: string): string {
  return hash.replace(/\++$/, '')
}

/** Labels by namespace in an order that can be compared. */
export function labelsByNamespace(hashes: ReadonlyMap<number, readonly string[]>): Record<number, string[]> {
  return Object.fromEntries([...hashes].map(([namespace, some]) => [namespace, some.map(labelOf).sort()]))
}
