import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals'
import { jetstreamManager } from '@nats-io/jetstream'
import { z } from 'zod'
import { describeDurableEvents } from '../durable/durable-events.suite.ts'
import { BusUnavailableError, bytes, defineEvent, EventStoreFullError, json, type DurableEvents } from '../index.ts'
import { until } from '../request-reply.suite.ts'
import { connectNats, JetStreamEvents, type NatsLink } from './index.ts'
import { NatsProcess } from './start-nats.suite.ts'

let nats: NatsProcess
let link: NatsLink
const connectTo = (server: string): Promise<NatsLink> =>
  connectNats({ servers: [server], name: 'test', random: () => 0 })

async function deleteStreams(): Promise<void> {
  const manager = await jetstreamManager(link.connection)
  for await (const name of manager.streams.names()) await manager.streams.delete(name)
}

beforeAll(async () => {
  nats = await NatsProcess.start()
  link = await connectTo(nats.server)
})

afterAll(async () => {
  await link.close()
  await nats.stop()
})

describeDurableEvents('JetStream', async () => ({
  maxPayload: 1_048_576 - 512,
  open: async () => new JetStreamEvents({ link, random: () => 0.5 }),
  close: deleteStreams,
}))

describe('JetStreamEvents', () => {
  const event = defineEvent({ subject: 'test.crash', codec: json(z.object({ n: z.int() })) })
  let events: DurableEvents
  let seen: Set<number>

  const handler = async ({ n }: { n: number }): Promise<void> => void seen.add(n)
  const subscribe = (): Promise<unknown> =>
    events.subscribe(event, { durable: 'push', handler, maxInFlight: 50, ackWaitMs: 30_000, maxDeliver: 5 })
  const publish = (n: number): Promise<void> => events.publish(event, { n }, { deduplicationId: `id-${n}` })

  beforeEach(() => {
    seen = new Set()
    events = new JetStreamEvents({ link, random: () => 0, publishTimeoutMs: 1_000 })
  })

  afterEach(async () => {
    await events.close()
    await deleteStreams()
  })

  it('keeps what it has acknowledged when the server is killed, and delivers it after the restart', async () => {
    await subscribe()
    const acknowledged: number[] = []
    let published = 0
    let stop = false
    const publisher = async (): Promise<void> => {
      while (!stop) {
        const n = published++
        await publish(n).then(
          () => acknowledged.push(n),
          (error: unknown) => expect(error).toBeInstanceOf(BusUnavailableError),
        )
      }
    }
    const publishers = [publisher(), publisher(), publisher(), publisher()]
    await until(() => acknowledged.length > 200)
    await nats.kill()
    await until(() => !link.isReady())
    await nats.restart()
    await until(() => link.isReady())
    const before = acknowledged.length
    await until(() => acknowledged.length > before + 50)
    stop = true
    await Promise.all(publishers)
    await until(() => acknowledged.every((n) => seen.has(n)))
    expect(acknowledged.filter((n) => !seen.has(n))).toEqual([])
  }, 60_000)

  it('makes a deleted consumer again', async () => {
    await subscribe()
    await publish(1)
    await until(() => seen.has(1))
    await (await jetstreamManager(link.connection)).consumers.delete('SOTTO_TEST_CRASH', 'push')
    await publish(2)
    await until(() => seen.has(2))
    expect(seen.size).toBe(2)
  }, 30_000)

  it('makes a deleted stream again', async () => {
    await subscribe()
    await publish(1)
    await until(() => seen.has(1))
    await (await jetstreamManager(link.connection)).streams.delete('SOTTO_TEST_CRASH')
    await publish(2)
    await until(() => seen.has(2))
    expect(seen.size).toBe(2)
  }, 30_000)

  it('updates a stream that was made with other settings and keeps its events', async () => {
    await publish(1)
    const changed = new JetStreamEvents({ link, random: () => 0, streams: { maxEvents: 1_000_000 } })
    expect(await changed.depth(event)).toEqual({ waiting: 1, dead: 0 })
    const manager = await jetstreamManager(link.connection)
    expect((await manager.streams.info('SOTTO_TEST_CRASH')).config.max_msgs).toBe(1_000_000)
  })

  it('keeps events as long as their definition says', async () => {
    const fleeting = defineEvent({ subject: 'test.fleeting', codec: bytes, keepMs: 86_400_000 })
    await events.publish(fleeting, new Uint8Array(1), { deduplicationId: 'fleeting' })
    await publish(1)
    const manager = await jetstreamManager(link.connection)
    expect((await manager.streams.info('SOTTO_TEST_FLEETING')).config.max_age).toBe(86_400_000 * 1_000_000)
    expect((await manager.streams.info('SOTTO_TEST_CRASH')).config.max_age).toBe(0)
  })

  it('refuses events when its stream is full and keeps the old ones', async () => {
    const small = new JetStreamEvents({ link, random: () => 0, streams: { maxEvents: 10 } })
    const fill = (n: number): Promise<void> => small.publish(event, { n }, { deduplicationId: `fill-${n}` })
    for (let n = 0; n < 10; n += 1) await fill(n)
    await expect(fill(10)).rejects.toThrow(EventStoreFullError)
    await expect(fill(11)).rejects.toThrow(EventStoreFullError)
    events = small
    await subscribe()
    await until(() => seen.size === 10)
    expect(seen.has(0)).toBe(true)
    await fill(10)
    await until(() => seen.has(10))
  })

  it('reports that the server is away', async () => {
    const own = await NatsProcess.start()
    const lost = await connectTo(own.server)
    const away = new JetStreamEvents({ link: lost, random: () => 0, publishTimeoutMs: 100 })
    await away.publish(event, { n: 1 }, { deduplicationId: 'a' })
    await own.stop()
    await until(() => !lost.isReady())
    await expect(away.publish(event, { n: 2 }, { deduplicationId: 'b' })).rejects.toThrow(BusUnavailableError)
    await lost.close()
  })
})
