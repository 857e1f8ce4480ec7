import { Controller, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { INestMicroservice } from '@nestjs/common'
import { BusClient, BusyError, bytes, defineRequest, NoResponderError, OnRequest } from '../index.ts'
import { describeRequestReply } from '../request-reply.suite.ts'
import { InProcessBus, InProcessClient, InProcessServer } from './index.ts'

describeRequestReply('the in-process bus', async () => {
  const bus = new InProcessBus({ maxPayload: 65_536 })
  return {
    maxPayload: bus.maxPayload,
    server: (options) => new InProcessServer({ ...options, bus }),
    client: () => new InProcessClient({ bus }),
    close: async () => undefined,
  }
})

describe('a request whose values can be shared', () => {
  const shared = { ...bytes, isShareable: true } as const
  const same = defineRequest({ subject: 'test.same', request: shared, reply: shared })
  const held = defineRequest({ subject: 'test.held', request: shared, reply: shared })
  const soon = { timeoutMs: 10_000 }
  let app: INestMicroservice
  let client: BusClient
  let release: () => void

  @Controller()
  class TestController {
    @OnRequest(same)
    async same(value: Uint8Array): Promise<Uint8Array> {
      if (value.length === 0) throw Object.assign(new Error('secret words'), { code: 'THING_MISSING' })
      return value
    }

    @OnRequest(held)
    async held(value: Uint8Array): Promise<Uint8Array> {
      await new Promise<void>((resolve) => (release = resolve))
      return value
    }
  }

  @Module({ controllers: [TestController] })
  class TestModule {}

  beforeEach(async () => {
    const bus = new InProcessBus()
    client = new BusClient({ transport: new InProcessClient({ bus }) })
    const strategy = new InProcessServer({ bus, service: 'test', maxInFlight: 1 })
    app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false })
    await app.listen()
  })

  afterEach(() => app.close())

  it('hands over the value itself, both ways', async () => {
    const value = Uint8Array.of(1, 2)
    expect(await client.request(same, value, soon)).toBe(value)
  })

  it('keeps the code of an error and nothing else of it', async () => {
    await expect(client.request(same, new Uint8Array(0), soon)).rejects.toMatchObject({
      name: 'RemoteError',
      code: 'THING_MISSING',
      message: 'test.same was answered with THING_MISSING',
    })
  })

  it('is bounded in number', async () => {
    const first = client.request(held, Uint8Array.of(1), soon)
    await expect(client.request(held, Uint8Array.of(2), soon)).rejects.toThrow(BusyError)
    release()
    await first
  })

  it('fails at once when nobody listens', async () => {
    const alone = new BusClient({ transport: new InProcessClient({ bus: new InProcessBus() }) })
    await expect(alone.request(same, Uint8Array.of(1), soon)).rejects.toThrow(NoResponderError)
  })
})
