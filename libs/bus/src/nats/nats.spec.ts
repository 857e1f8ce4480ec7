import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BusClient, BusUnavailableError, bytes, defineRequest } from '../index.ts'
import { describeRequestReply, until } from '../request-reply.suite.ts'
import { connectNats, NatsClient, NatsServer } from './index.ts'
import { NatsProcess } from './start-nats.suite.ts'

let nats: NatsProcess
const connectTo = (server: string): ReturnType<typeof connectNats> =>
  connectNats({ servers: [server], name: 'test', random: () => 0 })

beforeAll(async () => {
  nats = await NatsProcess.start()
})

afterAll(() => nats.stop())

describeRequestReply('NATS', async () => {
  const [serving, asking] = await Promise.all([connectTo(nats.server), connectTo(nats.server)])
  return {
    maxPayload: 1_048_576,
    server: (options) => new NatsServer({ ...options, link: serving }),
    client: () => new NatsClient({ link: asking }),
    close: async () => {
      await Promise.all([serving.close(), asking.close()])
    },
  }
})

describe('connectNats', () => {
  it('fails when no server is there', async () => {
    await expect(connectTo('127.0.0.1:1')).rejects.toThrow(BusUnavailableError)
  })

  it('fails when the credentials file cannot be read', async () => {
    const options = { servers: [nats.server], name: 'test', random: () => 0, credentialsFile: '/nonexistent' }
    await expect(connectNats(options)).rejects.toThrow(BusUnavailableError)
  })

  it('is not ready while the server is away, and ready again when it is back', async () => {
    const own = await NatsProcess.start()
    const link = await connectTo(own.server)
    expect(link.isReady()).toBe(true)
    await own.kill()
    await until(() => !link.isReady())
    await own.restart()
    await until(() => link.isReady())
    await link.close()
    expect(link.isReady()).toBe(false)
    await own.stop()
  })

  it('closes without its server', async () => {
    const own = await NatsProcess.start()
    const link = await connectTo(own.server)
    await own.stop()
    await until(() => !link.isReady())
    await link.close()
    expect(link.connection.isClosed()).toBe(true)
  })
})

describe('NatsServer', () => {
  it('answers again after the server was killed and started anew', async () => {
    const echo = defineRequest({ subject: 'test.again', request: bytes, reply: bytes })
    const own = await NatsProcess.start()
    const link = await connectTo(own.server)
    const server = new NatsServer({ link, service: 'test', maxInFlight: 1 })
    server.addHandler(echo.subject, async (value: Uint8Array) => value, false, { definition: echo })
    await new Promise((resolve) => server.listen(resolve))
    await own.kill()
    await until(() => !link.isReady())
    await own.restart()
    await until(() => link.isReady())
    const client = new BusClient({ transport: new NatsClient({ link }) })
    expect(await client.request(echo, new Uint8Array(3), { timeoutMs: 10_000 })).toHaveLength(3)
    await server.close()
    await link.close()
    await own.stop()
  })
})
