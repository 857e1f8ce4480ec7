import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Core, type CoreDependencies, coreConfig, createCore, WHOLE_PAGE_LIMIT } from '#apps/core'
import { BusClient } from '#bus'
import { InProcessBus, InProcessClient, InProcessServer, SqliteEvents } from '#bus/in-process/index'
import { nativeCrypto } from '#crypto/native/index'
import type { SwarmNode } from '#protocol'
import { createLogger, createMetrics, Health } from '#runtime'
import type { Mailboxes } from '#stores'
import { openSqliteMailboxes } from '#stores/mailboxes/sqlite/index'

/** What a core of a test is made of. */
export interface TestCoreOptions {
  readonly nodes: readonly SwarmNode[]
  /** Seeds of the own nodes, 32 bytes each. */
  readonly seeds: readonly Uint8Array[]
  readonly clock: { now(): number }
  readonly mailboxes: Mailboxes
  readonly environment?: Readonly<Record<string, string>>
}

/** The dependencies of a core that are the same whatever it is connected to. */
export function coreDependencies(
  options: TestCoreOptions,
): Omit<CoreDependencies, 'bus' | 'busServer' | 'hasReplicas'> {
  return {
    crypto: nativeCrypto,
    clock: options.clock,
    monotonic: performance,
    logger: createLogger({ level: 'silent', service: 'core' }),
    metrics: createMetrics({ process: false }),
    health: new Health(),
    nodes: options.nodes,
    seeds: options.seeds,
    replyLimit: WHOLE_PAGE_LIMIT,
    mailboxes: options.mailboxes,
  }
}

/** A core in this process. */
export interface InProcessCore {
  readonly core: Core
  readonly bus: BusClient
  readonly events: SqliteEvents
  close(): Promise<void>
}

/** Starts a core on an in-process bus; the events lie in a directory of their own, which `close` removes. */
export async function startInProcessCore(options: TestCoreOptions & Partial<CoreDependencies>): Promise<InProcessCore> {
  const root = await mkdtemp(join(tmpdir(), 'sotto-core-'))
  const events = new SqliteEvents({ file: join(root, 'events.sqlite'), now: Date.now, random: Math.random })
  const inProcess = new InProcessBus({ maxPayload: 16_777_216 })
  const bus = new BusClient({ transport: new InProcessClient({ bus: inProcess }), events })
  const busServer = new InProcessServer({ bus: inProcess, service: 'core', maxInFlight: 20_000 })
  const { stateAt } = options
  const core = await createCore(coreConfig(options.environment ?? {}), {
    ...coreDependencies(options),
    bus,
    busServer,
    hasReplicas: false,
    ...(stateAt && { stateAt }),
  })
  await core.start()
  const close = async (): Promise<void> => {
    await core.stop()
    await events.close()
    await rm(root, { recursive: true })
  }
  return { core, bus, events, close }
}

/** Empty mailboxes in SQLite, in a directory of their own, which `remove` removes. */
export async function temporaryMailboxes(
  quota = { messages: 1_000_000, bytes: 1e10 },
): Promise<{ readonly mailboxes: Mailboxes; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'sotto-mailboxes-'))
  const path = join(root, 'mailboxes.sqlite')
  const randomBytes = (length: number): Uint8Array => nativeCrypto.randomBytes(length)
  const mailboxes = await openSqliteMailboxes({ path, quota, randomBytes })
  const remove = async (): Promise<void> => {
    await mailboxes.close()
    await rm(root, { recursive: true })
  }
  return { mailboxes, remove }
}
