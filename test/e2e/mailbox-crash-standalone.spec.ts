import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rmSync } from 'node:fs'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { AccountId } from '#protocol'
import { type Account, accountFor, printCounts } from '../support/account-for.ts'
import { ensureBuilt } from '../support/built.ts'
import { PlainRpc } from '../support/plain-rpc.ts'
import { freePortBase, startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'
import { randomUsers, StoreLoad } from '../support/store-load.ts'
import { swarmPorts } from '../support/swarm-ports.ts'

const PARALLEL = 50
const KILLS = 3
const USERS = 50
/** Stores that are acknowledged before each kill. */
const STRETCH = 300
const NODES = 12

/** That every message also has its event: push-crash-standalone.spec.ts. */
describe('killing the standalone during 50 parallel stores', () => {
  const directory = temporaryDirectory()
  const users = randomUsers(USERS)
  const rpc = new PlainRpc()
  let load: StoreLoad
  let account: Account

  beforeAll(async () => {
    await ensureBuilt()
    const base = await freePortBase()
    const clusterSecret = nativeCrypto.randomBytes(32)
    const environment = {
      SOTTO_DATA_DIR: directory,
      SOTTO_HTTP_PORT: String(base),
      SOTTO_CLUSTER_SECRET: toHex(clusterSecret),
      SOTTO_NODE_COUNT: String(NODES),
      SOTTO_RPC_RATE: '0',
    }
    const portsOf = await swarmPorts({ clusterSecret, nodeCount: NODES, nodePortBase: base + 20 })
    await killDuringStores(environment, portsOf)
    const sotto = await startStandaloneProcess(environment)
    try {
      ;({ account } = await accountFor(load, { rpc, portsOf, users }))
    } finally {
      await sotto.stop()
    }
    printCounts('standalone after crashes', { ...account, attempted: load.attempted.size })
  }, 180_000)
  afterAll(() => {
    rpc.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function killDuringStores(
    environment: Record<string, string>,
    portsOf: (account: AccountId) => readonly number[],
  ): Promise<void> {
    let sotto = await startStandaloneProcess(environment)
    load = new StoreLoad({ rpc, portsOf, users, writers: PARALLEL })
    try {
      for (let kill = 1; kill <= KILLS; kill++) {
        await load.untilAcknowledged(STRETCH)
        await sotto.kill()
        if (kill < KILLS) sotto = await startStandaloneProcess(environment)
      }
    } finally {
      await sotto.kill()
      await load.stop()
    }
  }

  it('loses no message that was acknowledged, and gives each once, in one order', () => {
    expect(account.acknowledged).toBeGreaterThanOrEqual(KILLS * STRETCH)
    expect(account).toMatchObject({ lost: 0, repeated: 0, unknown: 0, misplaced: 0, unstable: 0 })
  })
})
