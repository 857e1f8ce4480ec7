import { StoreCorruptError } from '../../errors.ts'
import type { TakenNotification } from '../notifications.ts'

export interface DueNotification {
  readonly dueAt: number
  /** The number of the notification without its partition: its place among those due at the same time. */
  readonly number: string
  readonly taken: TakenNotification
}

const DEVICE_LENGTH = 16

/** Names a notification outside of its partition. */
export function toId(partition: number, number: string): string {
  return `n${partition}-${number}`
}

/** The number of a notification within its partition. */
export function numberOf(id: string): string {
  return id.slice(id.indexOf('-') + 1)
}

/** The answer of `take`: number, time, meta and content of each. */
export function toDueNotifications(service: string, partition: number, values: readonly Buffer[]): DueNotification[] {
  const due: DueNotification[] = []
  for (let index = 0; index + 3 < values.length; index += 4) {
    const [number, dueAt, meta, content] = values.slice(index, index + 4)
    if (!number || !dueAt || !meta || !content) throw new StoreCorruptError('a notification in Redis lacks its content')
    const name = number.toString('latin1')
    const taken = { id: toId(partition, name), service, ...parseMeta(meta), content }
    due.push({ dueAt: Number(dueAt.toString('latin1')), number: name, taken })
  }
  return due
}

/** All of them, the longest due first. */
export function toTaken(due: DueNotification[]): TakenNotification[] {
  due.sort((one, other) => one.dueAt - other.dueAt || (one.number < other.number ? -1 : 1))
  return due.map(({ taken }) => taken)
}

function parseMeta(meta: Buffer): Pick<TakenNotification, 'device' | 'attempts' | 'acceptedAt' | 'expiresAt'> {
  const start = meta.length - DEVICE_LENGTH
  const [, acceptedAt, expiresAt, attempts] = /^(-?\d+):(-?\d+):(\d+):$/.exec(meta.toString('latin1', 0, start)) ?? []
  if (attempts === undefined) throw new StoreCorruptError('a notification in Redis has another shape')
  return {
    device: meta.subarray(start),
    attempts: Number(attempts),
    acceptedAt: Number(acceptedAt),
    expiresAt: Number(expiresAt),
  }
}
