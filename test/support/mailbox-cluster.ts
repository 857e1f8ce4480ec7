import { rm } from 'node:fs/promises'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { AccountId } from '#protocol'
import { AppProcess } from './app-process.ts'
import { type NatsBackend, type RedisBackend, startNats, startRedis } from './backends/index.ts'
import { freePortBase, temporaryDirectory } from './standalone.ts'
import { swarmPorts } from './swarm-ports.ts'

/** Gateway, cores, Redis and NATS as processes of their own. */
export interface MailboxCluster {
  readonly nats: NatsBackend
  readonly redis: RedisBackend
  readonly gateway: AppProcess
  readonly cores: readonly AppProcess[]
  /** Ports of the nodes that serve an account. */
  readonly portsOf: (account: AccountId) => readonly number[]
  /** Ends everything. */
  stop(): Promise<void>
}

/** Fewer than clients want, so that the ports of the cores are above those of the nodes. */
const NODES = 9
const MAX_CORES = 2

/** Starts the built programs with `cores` cores (at most 2), on a NATS and a Redis that keep on disk what they have acknowledged. */
export async function startMailboxCluster({
  cores: count,
  environment = {},
}: {
  readonly cores: number
  readonly environment?: Readonly<Record<string, string>>
}): Promise<MailboxCluster> {
  if (count > MAX_CORES) throw new RangeError(`there is room for ${MAX_CORES} cores`)
  const root = temporaryDirectory()
  const stops: (() => Promise<void>)[] = [() => rm(root, { recursive: true, force: true })]
  const stop = async (): Promise<void> => {
    for (const step of stops.toReversed()) await step()
  }
  const stopping = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    stops.push(() => part.stop())
    return part
  }
  try {
    const nats = stopping(await startNats({ jetstream: true }))
    const redis = stopping(await startRedis({ args: ['--appendfsync', 'always'] }))
    const base = await freePortBase()
    const nodePortBase = base + 20
    const clusterSecret = nativeCrypto.randomBytes(32)
    const shared = {
      SOTTO_CLUSTER_SECRET: toHex(clusterSecret),
      SOTTO_NODE_COUNT: String(NODES),
      SOTTO_NODE_PORT_BASE: String(nodePortBase),
      SOTTO_NATS_URL: nats.url,
      ...environment,
    }
    const cores: AppProcess[] = []
    for (let core = 0; core < count; core++) {
      const own = { SOTTO_DATA_DIR: `${root}/core-${core}`, SOTTO_REDIS_URL: redis.url }
      cores.push(stopping(await AppProcess.start('core', { ...shared, ...own }, nodePortBase + NODES + core)))
    }
    const gatewayOwn = { SOTTO_DATA_DIR: `${root}/gateway`, SOTTO_HTTP_PORT: String(base), SOTTO_RPC_RATE: '0' }
    const gateway = stopping(await AppProcess.start('gateway', { ...shared, ...gatewayOwn }, base + 9))
    const portsOf = await swarmPorts({ clusterSecret, nodeCount: NODES, nodePortBase })
    return { nats, redis, gateway, cores, portsOf, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
