import { Redis } from 'ioredis'
import { freePort, until } from './probe.ts'
import { type RedisBackend, startRedis } from './start-redis.ts'

const SLOTS = 16_384

/** A real Redis Cluster of three masters, which refuses commands whose keys lie in several slots. */
export interface RedisClusterBackend {
  readonly ports: readonly number[]
  stop(): Promise<void>
}

export async function startRedisCluster(): Promise<RedisClusterBackend> {
  const args = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-node-timeout', '5000']
  const nodes: RedisBackend[] = []
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())))
  try {
    for (let count = 0; count < 3; count += 1) nodes.push(await startRedis({ args: [...args, ...(await busPort())] }))
    await join(nodes)
    return { ports: nodes.map(({ port }) => port), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The port by which nodes talk, by default 10,000 above the other, may lie beyond the last port. */
async function busPort(): Promise<string[]> {
  return ['--cluster-port', String(await freePort())]
}

async function join(nodes: readonly RedisBackend[]): Promise<void> {
  const clients = nodes.map(({ url }) => new Redis(url))
  try {
    const share = Math.ceil(SLOTS / nodes.length)
    for (const [index, client] of clients.entries()) {
      const last = Math.min((index + 1) * share, SLOTS) - 1
      await client.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last)
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
    }
    const busPorts = await Promise.all(clients.map(async (client) => configured(client, 'cluster-port')))
    for (const [index, { port }] of nodes.entries()) {
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPorts[index] ?? '')
    }
    const isWhole = async (): Promise<boolean> => {
      const states = await Promise.all(clients.map(async (client) => String(await client.call('CLUSTER', 'INFO'))))
      return states.every((state) => state.includes('cluster_state:ok') && state.includes('cluster_known_nodes:3'))
    }
    if (!(await until(isWhole))) throw new Error('the Redis cluster did not come together')
  } finally {
    for (const client of clients) client.disconnect()
  }
}

async function configured(client: Redis, name: string): Promise<string> {
  const [, value] = await client.config('GET', name)
  return value ?? ''
}
