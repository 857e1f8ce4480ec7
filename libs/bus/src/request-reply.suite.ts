import 'reflect-metadata'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { MessagePattern } from '@nestjs/microservices'
import { firstValueFrom } from 'rxjs'
import { z } from 'zod'
import {
  BadContractError,
  BadMessageError,
  BusClient,
  BusyError,
  bytes,
  defineEvent,
  defineRequest,
  json,
  jsonWithBody,
  NoResponderError,
  OnEvent,
  OnRequest,
  PayloadTooLargeError,
  RemoteError,
  RequestTimeoutError,
  type BusServerOptions,
  type HeadAndBody,
} from './index.ts'
import type { BusClientProxy } from './nest/bus-client-proxy.ts'
import type { BusServer } from './nest/bus-server.ts'

export interface RequestReplyHarness {
  /** Bytes the transport carries at most. */
  readonly maxPayload: number
  server(options: BusServerOptions): BusServer
  client(): BusClientProxy
  close(): Promise<void>
}

const echo = defineRequest({ subject: 'test.echo', request: bytes, reply: bytes })
const grow = defineRequest({ subject: 'test.grow', request: json(z.object({ length: z.int() })), reply: bytes })
const head = z.object({ method: z.string() })
const call = defineRequest({ subject: 'test.call', request: jsonWithBody(head), reply: jsonWithBody(head) })
const fail = defineRequest({
  subject: 'test.fail',
  request: json(z.object({ code: z.string().optional() })),
  reply: bytes,
})
const wait = defineRequest({ subject: 'test.wait', request: bytes, reply: bytes })
const told = defineEvent({ subject: 'test.told', codec: json(z.object({ n: z.int() })), delivery: 'at-most-once' })

const shouted = defineEvent({
  subject: 'test.shouted',
  codec: json(z.object({ n: z.int() })),
  delivery: 'at-most-once',
  audience: 'every-replica',
})

class CodedError extends Error {
  readonly code: string | undefined

  constructor(code: string | undefined) {
    super('secret words')
    this.code = code
  }
}

/** Lets a test see and end the requests that wait. */
class Gate {
  readonly waiting: (() => void)[] = []
  readonly told: number[] = []
  readonly shouted: number[] = []
  calls = 0

  open(): void {
    for (const release of this.waiting.splice(0)) release()
  }
}

function controller(gate: Gate): Type {
  @Controller()
  class TestController {
    @OnRequest(echo)
    async echo(value: Uint8Array): Promise<Uint8Array> {
      gate.calls += 1
      return value
    }

    @OnRequest(grow)
    async grow({ length }: { length: number }): Promise<Uint8Array> {
      return new Uint8Array(length)
    }

    @OnRequest(call)
    async call({ head, body }: HeadAndBody<{ method: string }>): Promise<HeadAndBody<{ method: string }>> {
      return { head: { method: `${head.method}!` }, body }
    }

    @OnRequest(fail)
    async fail({ code }: { code?: string | undefined }): Promise<Uint8Array> {
      throw new CodedError(code)
    }

    @OnRequest(wait)
    async wait(value: Uint8Array): Promise<Uint8Array> {
      await new Promise<void>((resolve) => gate.waiting.push(resolve))
      return value
    }

    @OnEvent(told)
    async told({ n }: { n: number }): Promise<void> {
      gate.told.push(n)
    }

    @OnEvent(shouted)
    async shouted({ n }: { n: number }): Promise<void> {
      gate.shouted.push(n)
    }
  }
  return TestController
}

async function serve(strategy: BusServer, type: Type): Promise<INestMicroservice> {
  @Module({ controllers: [type] })
  class TestModule {}
  const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false })
  await app.listen()
  return app
}

/** Resolves when `condition` holds; the test's own time limit ends the waiting. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** What every transport must do; `open` makes a fresh bus. */
export function describeRequestReply(name: string, open: () => Promise<RequestReplyHarness>): void {
  describe(`request and reply over ${name}`, () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value)
    const soon = { timeoutMs: 10_000 }
    let harness: RequestReplyHarness
    let apps: INestMicroservice[]
    let gate: Gate
    let client: BusClient

    async function start(options: Partial<BusServerOptions> = {}): Promise<INestMicroservice> {
      const strategy = harness.server({ service: 'test', maxInFlight: 100, ...options })
      const app = await serve(strategy, controller(gate))
      apps.push(app)
      return app
    }

    beforeEach(async () => {
      harness = await open()
      apps = []
      gate = new Gate()
      client = new BusClient({ transport: harness.client() })
    })

    afterEach(async () => {
      gate.open()
      await Promise.all(apps.map((app) => app.close()))
      await harness.close()
    })

    it('carries bytes as they are', async () => {
      await start()
      const all = Uint8Array.from({ length: 256 }, (_, value) => value)
      expect(Buffer.from(await client.request(echo, all, soon))).toEqual(Buffer.from(all))
      expect(await client.request(echo, new Uint8Array(0), soon)).toHaveLength(0)
    })

    it('carries a JSON head with a raw body', async () => {
      await start()
      const reply = await client.request(call, { head: { method: 'store' }, body: text('body') }, soon)
      expect(reply.head).toEqual({ method: 'store!' })
      expect(Buffer.from(reply.body).toString()).toBe('body')
    })

    it('keeps the code of an error and nothing else of it', async () => {
      await start()
      const error = await client.request(fail, { code: 'THING_MISSING' }, soon).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(RemoteError)
      expect(error).toMatchObject({ code: 'THING_MISSING', message: 'test.fail was answered with THING_MISSING' })
    })

    it('gives errors without a proper code one that says nothing', async () => {
      await start()
      for (const code of [undefined, 'no such file /home/user', 'x'.repeat(65)]) {
        await expect(client.request(fail, code === undefined ? {} : { code }, soon)).rejects.toMatchObject({
          name: 'RemoteError',
          code: 'BUS_HANDLER_FAILED',
        })
      }
    })

    it('refuses a request that does not fit its contract before the handler sees it', async () => {
      await start()
      for (const message of ['{', '{"length":"1"}', '']) {
        await expect(harness.client().requestBytes('test.grow', text(message), soon)).rejects.toMatchObject({
          code: 'BUS_BAD_MESSAGE',
        })
      }
    })

    it('refuses a reply that does not fit its contract', async () => {
      await start()
      const wrong = defineRequest({ subject: 'test.echo', request: bytes, reply: json(z.object({})) })
      await expect(client.request(wrong, text('not JSON'), soon)).rejects.toThrow(BadMessageError)
    })

    it('fails at once when nobody listens', async () => {
      await expect(client.request(echo, text('?'), soon)).rejects.toThrow(NoResponderError)
    })

    it('fails when the time is over', async () => {
      await start()
      await expect(client.request(wait, text('?'), { timeoutMs: 50 })).rejects.toThrow(RequestTimeoutError)
    })

    it('stops waiting when the caller aborts, with the reason of the caller', async () => {
      await start()
      const abort = new AbortController()
      const request = client.request(wait, text('?'), { ...soon, signal: abort.signal })
      const refused = expect(request).rejects.toThrow('the client has gone')
      await until(() => gate.waiting.length === 1)
      abort.abort(new Error('the client has gone'))
      await refused
      await expect(client.request(echo, text('?'), { ...soon, signal: abort.signal })).rejects.toThrow('gone')
      expect(gate.calls).toBe(0)
    })

    it('answers that it is busy when its places are taken, and serves again when one is free', async () => {
      await start({ maxInFlight: 2 })
      const held = [client.request(wait, text('a'), soon), client.request(wait, text('b'), soon)]
      await until(() => gate.waiting.length === 2)
      await expect(client.request(echo, text('c'), soon)).rejects.toThrow(BusyError)
      gate.open()
      await Promise.all(held)
      expect(await client.request(echo, text('c'), soon)).toHaveLength(1)
    })

    it('answers what is in flight before it closes and takes nothing new', async () => {
      const app = await start()
      const held = client.request(wait, text('held'), soon)
      await until(() => gate.waiting.length === 1)
      apps = []
      const closed = app.close()
      await until(async () => {
        const answer = await client.request(echo, text('?'), soon).catch((error: unknown) => error)
        return answer instanceof NoResponderError
      })
      gate.open()
      expect(Buffer.from(await held).toString()).toBe('held')
      await closed
    })

    it('gives each request to one replica of the service', async () => {
      await Promise.all([start(), start(), start()])
      await Promise.all(Array.from({ length: 30 }, () => client.request(echo, text('?'), soon)))
      expect(gate.calls).toBe(30)
    })

    it('tells an event to one replica of every service', async () => {
      await Promise.all([start(), start(), start({ service: 'other' })])
      await client.publish(told, { n: 7 })
      await until(() => gate.told.length >= 2)
      await client.request(echo, text('behind the event'), soon)
      expect(gate.told).toEqual([7, 7])
    })

    it('tells an event for every replica to each of them, until it is closed', async () => {
      const [first] = await Promise.all([start(), start(), start({ service: 'other' })])
      await client.publish(shouted, { n: 7 })
      await until(() => gate.shouted.length === 3)
      await first?.close()
      await client.publish(shouted, { n: 8 })
      await until(() => gate.shouted.length >= 5)
      await client.request(echo, text('behind the event'), soon)
      expect(gate.shouted).toEqual([7, 7, 7, 8, 8])
    })

    it('carries messages up to its limit and refuses longer ones before sending', async () => {
      await start()
      const { maxPayload } = harness
      expect(await client.request(echo, new Uint8Array(maxPayload - 1), soon)).toHaveLength(maxPayload - 1)
      expect(await client.request(echo, new Uint8Array(maxPayload), soon)).toHaveLength(maxPayload)
      await expect(client.request(echo, new Uint8Array(maxPayload + 1), soon)).rejects.toThrow(PayloadTooLargeError)
      await expect(client.request(grow, { length: maxPayload + 1 }, soon)).rejects.toMatchObject({
        name: 'RemoteError',
        code: 'BUS_PAYLOAD_TOO_LARGE',
      })
    })

    it('serves Nest clients that send and emit bytes', async () => {
      await start()
      const proxy = harness.client()
      const reply = await firstValueFrom(proxy.send<Uint8Array>('test.echo', text('nest')))
      expect(Buffer.from(reply).toString()).toBe('nest')
      proxy.emit('test.told', text('{"n":3}'))
      await until(() => gate.told.includes(3))
    })

    it('does not start with a handler that has no contract, and starts when the contract is listed', async () => {
      @Controller()
      class Plain {
        @MessagePattern(echo.subject)
        async echo(value: Uint8Array): Promise<Uint8Array> {
          return value
        }
      }
      const bare = harness.server({ service: 'test', maxInFlight: 1 })
      await expect(serve(bare, Plain)).rejects.toThrow(BadContractError)
      apps.push(await serve(harness.server({ service: 'test', maxInFlight: 1, contracts: [echo] }), Plain))
      expect(await client.request(echo, text('x'), soon)).toHaveLength(1)
    })

    it('reports subjects and outcomes to its observer', async () => {
      const seen: string[] = []
      const observer = {
        now: () => 0,
        requestSent: (subject: string, outcome: string) => seen.push(`sent ${subject} ${outcome}`),
        requestHandled: (subject: string, outcome: string) => seen.push(`handled ${subject} ${outcome}`),
        failed: (subject: string) => seen.push(`failed ${subject}`),
      }
      await start({ observer })
      const observed = new BusClient({ transport: harness.client(), observer })
      await observed.request(echo, text('x'), soon)
      await observed.request(fail, { code: 'THING_MISSING' }, soon).catch(() => undefined)
      expect(seen).toEqual([
        'handled test.echo ok',
        'sent test.echo ok',
        'failed test.fail',
        'handled test.fail THING_MISSING',
        'sent test.fail THING_MISSING',
      ])
    })
  })
}
