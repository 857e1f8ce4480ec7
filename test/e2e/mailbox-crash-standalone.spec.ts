import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageStored } from '#bus'
import { SqliteEvents } from '#bus/in-process/index'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { AccountId } from '#protocol'
import { openSqliteMailboxes } from '#stores/mailboxes/sqlite/index'
import { type Account, accountFor, printCounts } from '../support/account-for.ts'
import { ensureBuilt } from '../support/built.ts'
import { PlainRpc } from '../support/plain-rpc.ts'
import { readEvents } from '../support/read-events.ts'
import { freePortBase, startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'
import { randomUsers, StoreLoad } from '../support/store-load.ts'
import { swarmPorts } from '../support/swarm-ports.ts'

const PARALLEL = 50
const KILLS = 3
const USERS = 50
/** Stores that are acknowledged before each kill. */
const STRETCH = 300
const NODES = 12

describe('killing the standalone during 50 parallel stores', () => {
  const directory = temporaryDirectory()
  const users = randomUsers(USERS)
  const rpc = new PlainRpc()
  let load: StoreLoad
  let account: Account
  let hashes: ReadonlySet<string>
  /** Hashes of the messages whose events the dead process has left, published or in the outbox. */
  let told: ReadonlySet<string>

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
    told = await eventsLeftBehind()
    const sotto = await startStandaloneProcess(environment)
    try {
      ;({ account, hashes } = await accountFor(load, { rpc, portsOf, users }))
    } finally {
      await sotto.stop()
    }
    printCounts('standalone after crashes', { ...account, told: told.size, attempted: load.attempted.size })
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

  async function eventsLeftBehind(): Promise<ReadonlySet<string>> {
    const events = new SqliteEvents({ file: join(directory, 'events.sqlite'), now: Date.now, random: Math.random })
    const mailboxes = await openSqliteMailboxes({
      path: join(directory, 'core', 'mailboxes.sqlite'),
      quota: { messages: 1, bytes: 1 },
      randomBytes: (length) => nativeCrypto.randomBytes(length),
    })
    try {
      const outbox = await mailboxes.outbox(Number.MAX_SAFE_INTEGER, load.attempted.size)
      const waiting = outbox.map(({ payload }) => messageStored.codec.decode(payload).hash)
      return new Set([...(await readEvents(events)).hashes, ...waiting])
    } finally {
      await mailboxes.close()
      await events.close()
    }
  }

  it('loses no message that was acknowledged, and gives each once, in one order', () => {
    expect(account.acknowledged).toBeGreaterThanOrEqual(KILLS * STRETCH)
    expect(account).toMatchObject({ lost: 0, repeated: 0, unknown: 0, misplaced: 0, unstable: 0 })
  })

  it('has the event of every message that is there, and of no other', () => {
    expect([...hashes].filter((hash) => !told.has(hash))).toEqual([])
    expect([...told].filter((hash) => !hashes.has(hash))).toEqual([])
  })
})
