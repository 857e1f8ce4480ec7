import { BadContractError } from '../errors.ts'
import type { Codec } from './codec.ts'
import { assertSubject } from './subject.ts'

/** A question that one service asks and any replica of another answers. */
export interface RequestDefinition<Request, Reply> {
  readonly kind: 'request'
  readonly subject: string
  readonly request: Codec<Request>
  readonly reply: Codec<Reply>
}

/**
 * Something that has happened. `durable` events are a work queue with one consuming service: stored when `publish` resolves and
 * delivered at least once. `at-most-once` events reach every service that listens at this moment, as `audience` says.
 */
export interface EventDefinition<Value> {
  readonly kind: 'event'
  readonly subject: string
  readonly codec: Codec<Value>
  readonly delivery: 'durable' | 'at-most-once'
  /** Who of the replicas of a service gets the event: one of them, or each (at-most-once events alone). */
  readonly audience: 'one-replica' | 'every-replica'
  /** Number of partitions; 0 when the event has none. The partition is a number from 0, never an id. */
  readonly partitions: number
  /** Milliseconds for which a durable event that nobody has taken is kept at least; for ever when absent. */
  readonly keepMs?: number
}

const MAX_PARTITIONS = 1024

/** Declares a request once, for both sides. Throws `BadContractError` for a subject that breaks the rules. */
export function defineRequest<Request, Reply>(options: {
  subject: string
  request: Codec<Request>
  reply: Codec<Reply>
}): RequestDefinition<Request, Reply> {
  return { kind: 'request', ...options, subject: assertSubject(options.subject) }
}

/** Declares an event once, for both sides; durable unless said otherwise. Throws `BadContractError`. */
export function defineEvent<Value>(options: {
  subject: string
  codec: Codec<Value>
  delivery?: 'durable' | 'at-most-once'
  audience?: 'one-replica' | 'every-replica'
  partitions?: number
  keepMs?: number
}): EventDefinition<Value> {
  const { subject, codec, delivery = 'durable', audience = 'one-replica', partitions = 0, keepMs } = options
  if (!Number.isInteger(partitions) || partitions < 0 || partitions > MAX_PARTITIONS) {
    throw new BadContractError(`an event has 0 to ${MAX_PARTITIONS} partitions`)
  }
  if (partitions > 0 && delivery !== 'durable') throw new BadContractError('only durable events have partitions')
  if (audience === 'every-replica' && delivery === 'durable') {
    throw new BadContractError('a durable event is a work queue: one replica gets it')
  }
  const event = { kind: 'event', subject: assertSubject(subject), codec, delivery, audience, partitions } as const
  return keepMs === undefined ? event : { ...event, keepMs }
}

/** Whether a request can be made within a process without its bytes. */
export function isShareable<Request, Reply>({ request, reply }: RequestDefinition<Request, Reply>): boolean {
  return request.isShareable === true && reply.isShareable === true
}

/** Throws `BadContractError` unless `partition` is one that `event` has (or both have none). */
export function assertPartition(event: EventDefinition<unknown>, partition: number | undefined): void {
  if (event.partitions === 0 && partition === undefined) return
  const fits = partition !== undefined && Number.isInteger(partition) && partition >= 0 && partition < event.partitions
  if (!fits) {
    throw new BadContractError(`${event.subject} needs a partition below ${event.partitions}, or none when it has none`)
  }
}
