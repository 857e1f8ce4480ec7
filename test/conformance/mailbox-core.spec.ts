import { coreConfig, createCore } from '#apps/core'
import { BusClient, storageRpc } from '#bus'
import { connectNats, JetStreamEvents, NatsClient, type NatsLink, NatsServer } from '#bus/nats/index'
import { fromHex } from '#crypto'
import type { Mailboxes } from '#stores'
import { openRedisMailboxes } from '#stores/mailboxes/redis/index'
import { connectRedis } from '#stores/redis/connect-redis'
import { startNats, startRedis } from '../support/backends/index.ts'
import { coreDependencies, startInProcessCore, temporaryMailboxes } from '../support/core-harness.ts'
import { type Answer, type CoreBackends, type CoreSetup, describeMailboxCore } from './mailbox-core.suite.ts'

const quota = { messages: 1_000_000, bytes: 1e10 }

interface Store {
  readonly mailboxes: Mailboxes
  close(): Promise<void>
}

async function sqlite(): Promise<Store> {
  const temporary = await temporaryMailboxes(quota)
  return { mailboxes: temporary.mailboxes, close: () => temporary.remove() }
}

async function redis(): Promise<Store> {
  const server = await startRedis()
  const client = await connectRedis({ url: server.url, onError: () => undefined })
  const mailboxes = await openRedisMailboxes({ redis: client, quota })
  const close = async (): Promise<void> => {
    await mailboxes.close()
    client.disconnect()
    await server.stop()
  }
  return { mailboxes, close }
}

async function ask(bus: BusClient, node: string, text: Uint8Array): Promise<Answer> {
  const request = { node: fromHex(node, 32) ?? new Uint8Array(32), text }
  const { status, isJson, body } = await bus.request(storageRpc, request, { timeoutMs: 30_000 })
  const said = Buffer.from(body).toString()
  return { code: status, body: isJson ? (JSON.parse(said) as unknown) : said }
}

async function inProcess(open: () => Promise<Store>): Promise<CoreBackends> {
  const store = await open()
  const { mailboxes } = store
  return {
    async open({ nodes, seeds, clock, state }) {
      const core = await startInProcessCore({ nodes, seeds, clock, mailboxes, stateAt: () => state })
      return { ask: (node, text) => ask(core.bus, node, text), close: () => core.close() }
    },
    close: () => store.close(),
  }
}

/** Two cores with one store, each with a connection of its own. */
async function overNats(open: () => Promise<Store>): Promise<CoreBackends> {
  const store = await open()
  const server = await startNats({ jetstream: true })
  const connect = (): Promise<NatsLink> => connectNats({ servers: [server.url], name: 'test', random: Math.random })
  const asking = await connect()
  return {
    async open(setup) {
      const replicas = [
        await startReplica(setup, store, await connect()),
        await startReplica(setup, store, await connect()),
      ]
      const bus = new BusClient({ transport: new NatsClient({ link: asking }) })
      const close = async (): Promise<void> => {
        await Promise.all(replicas.map((replica) => replica.close()))
      }
      return { ask: (node, text) => ask(bus, node, text), close }
    },
    async close() {
      await asking.close()
      await server.stop()
      await store.close()
    },
  }
}

async function startReplica(
  setup: CoreSetup,
  { mailboxes }: Store,
  link: NatsLink,
): Promise<{ close(): Promise<void> }> {
  const events = new JetStreamEvents({ link, random: Math.random })
  const core = await createCore(coreConfig({}), {
    ...coreDependencies({ ...setup, mailboxes }),
    stateAt: () => setup.state,
    bus: new BusClient({ transport: new NatsClient({ link }), events }),
    busServer: new NatsServer({ link, service: 'core', maxInFlight: 20_000 }),
    hasReplicas: true,
  })
  await core.start()
  const close = async (): Promise<void> => {
    await core.stop()
    await link.close()
  }
  return { close }
}

describeMailboxCore('in one process with SQLite', () => inProcess(sqlite))
describeMailboxCore('in one process with Redis', () => inProcess(redis))
describeMailboxCore('two cores over NATS with SQLite', () => overNats(sqlite))
describeMailboxCore('two cores over NATS with Redis', () => overNats(redis))
