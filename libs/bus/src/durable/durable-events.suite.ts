import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  BadContractError,
  bytes,
  defineEvent,
  EventAlreadyConsumedError,
  json,
  PayloadTooLargeError,
  RetryLaterError,
  type Delivery,
  type DurableEvents,
  type SubscribeOptions,
} from '../index.ts'
import { until } from '../request-reply.suite.ts'
import { z } from 'zod'

export interface DurableEventsHarness {
  /** Opens the events of one process; all that are opened share one store. */
  open(): Promise<DurableEvents>
  /** Longest event in bytes. */
  readonly maxPayload: number
  close(): Promise<void>
}

const schema = z.object({ n: z.int() })
const stored = defineEvent({ subject: 'test.stored', codec: json(schema), partitions: 4 })
const plain = defineEvent({ subject: 'test.plain', codec: json(schema) })
const plainBytes = defineEvent({ subject: 'test.plain', codec: bytes })

interface Seen {
  readonly n: number
  readonly attempt: number
  readonly partition: number | undefined
}

/** What every adapter must do; `make` makes a fresh, empty store. */
export function describeDurableEvents(name: string, make: () => Promise<DurableEventsHarness>): void {
  describe(`durable events in ${name}`, () => {
    let harness: DurableEventsHarness
    let events: DurableEvents
    let seen: Seen[]

    const record = async ({ n }: { n: number }, { attempt, partition }: Delivery): Promise<void> => {
      seen.push({ n, attempt, partition })
    }
    const options = (changes: Partial<SubscribeOptions<{ n: number }>> = {}): SubscribeOptions<{ n: number }> => ({
      durable: 'push',
      handler: record,
      maxInFlight: 10,
      ackWaitMs: 30_000,
      maxDeliver: 5,
      retry: { firstMs: 20, maxMs: 40 },
      ...changes,
    })
    const drained = async (): Promise<void> => until(async () => (await events.depth(plain)).waiting === 0)
    const publish = (n: number, deduplicationId = `id-${n}`): Promise<void> =>
      events.publish(plain, { n }, { deduplicationId })

    beforeEach(async () => {
      harness = await make()
      events = await harness.open()
      seen = []
    })

    afterEach(async () => {
      await events.close()
      await harness.close()
    })

    it('delivers an event with its value, attempt and partition', async () => {
      await events.subscribe(stored, options())
      await events.publish(stored, { n: 5 }, { deduplicationId: 'a', partition: 3 })
      await until(() => seen.length > 0)
      expect(seen).toEqual([{ n: 5, attempt: 1, partition: 3 }])
      await until(async () => (await events.depth(stored)).waiting === 0)
    })

    it('keeps events until somebody subscribes, in the order of their publication', async () => {
      for (let n = 0; n < 20; n += 1) await publish(n)
      expect(await events.depth(plain)).toEqual({ waiting: 20, dead: 0 })
      await events.subscribe(plain, options({ maxInFlight: 1 }))
      await drained()
      expect(seen.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    })

    it('stores an event once for one deduplication id, also after it was handled', async () => {
      await Promise.all([publish(1, 'same'), publish(2, 'same'), publish(3, 'other')])
      expect(await events.depth(plain)).toEqual({ waiting: 2, dead: 0 })
      await events.subscribe(plain, options())
      await drained()
      await publish(4, 'same')
      expect(await events.depth(plain)).toEqual({ waiting: 0, dead: 0 })
      expect(seen).toHaveLength(2)
    })

    it('delivers again after a failure, counting attempts', async () => {
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        await record(value, delivery)
        if (delivery.attempt < 3) throw new Error('not yet')
      }
      await events.subscribe(plain, options({ handler }))
      await publish(1)
      await drained()
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
      expect(await events.depth(plain)).toEqual({ waiting: 0, dead: 0 })
    })

    it('delivers again when the handler says, not when the backoff says', async () => {
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        await record(value, delivery)
        if (delivery.attempt === 1) throw new RetryLaterError(30)
      }
      await events.subscribe(plain, options({ handler, retry: { firstMs: 3_600_000, maxMs: 3_600_000 } }))
      await publish(1)
      await drained()
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2])
    })

    it('makes an event a dead letter after the last delivery it may have', async () => {
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        await record(value, delivery)
        throw new Error('never')
      }
      await events.subscribe(plain, options({ handler, maxDeliver: 3 }))
      await publish(1)
      await until(async () => (await events.depth(plain)).dead === 1)
      await drained()
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    })

    it('makes an event that does not fit its contract a dead letter at once', async () => {
      await events.publish(plainBytes, new TextEncoder().encode('{"n":"one"}'), { deduplicationId: 'bad' })
      await publish(2)
      await events.subscribe(plain, options())
      await drained()
      expect(await events.depth(plain)).toEqual({ waiting: 0, dead: 1 })
      expect(seen.map(({ n }) => n)).toEqual([2])
    })

    it('delivers again what is not acknowledged in time', async () => {
      let release: () => void = () => undefined
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        await record(value, delivery)
        if (delivery.attempt === 1) await new Promise<void>((resolve) => (release = resolve))
      }
      await events.subscribe(plain, options({ handler, ackWaitMs: 200 }))
      await publish(1)
      await until(() => seen.length === 2)
      release()
      await drained()
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2])
    })

    it('does not deliver again what is in progress', async () => {
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        await record(value, delivery)
        for (let step = 0; step < 30; step += 1) {
          delivery.inProgress()
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
      await events.subscribe(plain, options({ handler, ackWaitMs: 1_000 }))
      await publish(1)
      await drained()
      expect(seen).toHaveLength(1)
    })

    it('never runs more handlers at once than it may', async () => {
      let running = 0
      let most = 0
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 2))
        running -= 1
        await record(value, delivery)
      }
      await events.subscribe(plain, options({ handler, maxInFlight: 3 }))
      await Promise.all(Array.from({ length: 60 }, (_, n) => publish(n)))
      await drained()
      expect(most).toBe(3)
      expect(seen).toHaveLength(60)
    })

    it('shares the work among subscriptions of one durable name', async () => {
      await Promise.all([events.subscribe(plain, options()), events.subscribe(plain, options())])
      await Promise.all(Array.from({ length: 50 }, (_, n) => publish(n)))
      await drained()
      expect(seen.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n))
    })

    it('refuses a second durable name', async () => {
      await events.subscribe(plain, options())
      await expect(events.subscribe(plain, options({ durable: 'other' }))).rejects.toThrow(EventAlreadyConsumedError)
    })

    it('waits for running handlers when it closes, and leaves the rest for later', async () => {
      let release: () => void = () => undefined
      const handler = async (value: { n: number }, delivery: Delivery): Promise<void> => {
        await record(value, delivery)
        await new Promise<void>((resolve) => (release = resolve))
      }
      const subscription = await events.subscribe(plain, options({ handler, maxInFlight: 1 }))
      for (let n = 0; n < 5; n += 1) await publish(n)
      await until(() => seen.length === 1)
      const closed = subscription.close()
      release()
      await closed
      await until(async () => (await events.depth(plain)).waiting === 4)
      await events.subscribe(plain, options())
      await drained()
      expect(seen.map(({ n }) => n).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    })

    it('carries events up to its limit and refuses longer ones', async () => {
      const raw = defineEvent({ subject: 'test.raw', codec: bytes })
      const send = (length: number): Promise<void> =>
        events.publish(raw, new Uint8Array(length), { deduplicationId: `length-${length}` })
      await send(harness.maxPayload - 1)
      await send(harness.maxPayload)
      await expect(send(harness.maxPayload + 1)).rejects.toThrow(PayloadTooLargeError)
      expect(await events.depth(raw)).toEqual({ waiting: 2, dead: 0 })
    })

    it('refuses partitions and deduplication ids that break the contract', async () => {
      for (const partition of [undefined, -1, 4, 0.5]) {
        const given = partition === undefined ? {} : { partition }
        await expect(events.publish(stored, { n: 1 }, { deduplicationId: 'a', ...given })).rejects.toThrow(
          BadContractError,
        )
      }
      await expect(events.publish(plain, { n: 1 }, { deduplicationId: 'a', partition: 0 })).rejects.toThrow(
        BadContractError,
      )
      for (const id of ['', 'with space', 'x'.repeat(129)]) {
        await expect(publish(1, id)).rejects.toThrow(BadContractError)
      }
    })
  })
}
