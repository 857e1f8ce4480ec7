import 'reflect-metadata'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Controller, Module, type INestMicroservice } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Ctx, Payload } from '@nestjs/microservices'
import { z } from 'zod'
import { InProcessBus, InProcessClient, InProcessServer, SqliteEvents } from '../in-process/index.ts'
import { BadContractError, BusClient, BusContext, defineEvent, json, OnEvent } from '../index.ts'
import { until } from '../request-reply.suite.ts'

const happened = defineEvent({ subject: 'test.happened', codec: json(z.object({ n: z.int() })), partitions: 2 })

describe('a Nest handler of a durable event', () => {
  const bus = new InProcessBus()
  let directory: string
  let events: SqliteEvents
  let seen: { n: number; attempt: number | undefined; partition: number | undefined }[]
  let app: INestMicroservice | undefined

  async function serve(store: SqliteEvents | undefined): Promise<void> {
    @Controller()
    class Handler {
      @OnEvent(happened)
      async happened(@Payload() { n }: { n: number }, @Ctx() { delivery }: BusContext): Promise<void> {
        seen.push({ n, attempt: delivery?.attempt, partition: delivery?.partition })
        if (delivery?.attempt === 1) throw new Error('not yet')
      }
    }
    @Module({ controllers: [Handler] })
    class HandlerModule {}
    const retry = { firstMs: 10, maxMs: 10 }
    const delivery = { maxInFlight: 5, ackWaitMs: 30_000, maxDeliver: 5, retry }
    const strategy = new InProcessServer({
      bus,
      service: 'push',
      maxInFlight: 10,
      delivery,
      ...(store && { events: store }),
    })
    app = await NestFactory.createMicroservice(HandlerModule, { strategy, logger: false })
    await app.listen()
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sotto-bus-'))
    events = new SqliteEvents({ file: join(directory, 'events.db'), now: Date.now, random: () => 0 })
    seen = []
    app = undefined
  })

  afterEach(async () => {
    await app?.close()
    await events.close()
    await rm(directory, { recursive: true })
  })

  it('gets the event again when it throws and acknowledges it when it resolves', async () => {
    await serve(events)
    const client = new BusClient({ transport: new InProcessClient({ bus }), events })
    await client.publish(happened, { n: 1 }, { deduplicationId: 'a', partition: 1 })
    await until(async () => (await events.depth(happened)).waiting === 0)
    expect(seen).toEqual([
      { n: 1, attempt: 1, partition: 1 },
      { n: 1, attempt: 2, partition: 1 },
    ])
  })

  it('does not start without an event store', async () => {
    await expect(serve(undefined)).rejects.toThrow(BadContractError)
    app = undefined
  })
})
