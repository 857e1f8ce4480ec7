import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { describeDurableEvents } from '../durable/durable-events.suite.ts'
import { BusUnavailableError, defineEvent, json, type Delivery } from '../index.ts'
import { until } from '../request-reply.suite.ts'
import { SqliteEvents } from './index.ts'

const directory = (): Promise<string> => mkdtemp(join(tmpdir(), 'sotto-events-'))
const open = (file: string): SqliteEvents =>
  new SqliteEvents({ file, now: Date.now, random: () => 0.5, maxPayload: 65_536 })

describeDurableEvents('SQLite', async () => {
  const root = await directory()
  return {
    maxPayload: 65_536,
    open: async () => open(join(root, 'events.db')),
    close: () => rm(root, { recursive: true }),
  }
})

describe('SqliteEvents', () => {
  const event = defineEvent({ subject: 'test.crash', codec: json(z.object({ n: z.int() })) })
  let root: string
  let file: string

  beforeEach(async () => {
    root = await directory()
    file = join(root, 'events.db')
  })

  afterEach(() => rm(root, { recursive: true }))

  it('keeps its file to its owner', async () => {
    const events = open(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await events.close()
  })

  it('lets events go that nobody has taken for longer than they are kept, and no others', async () => {
    let now = 1_000_000
    const fleeting = defineEvent({ subject: 'test.fleeting', codec: json(z.object({ n: z.int() })), keepMs: 5_000 })
    const events = new SqliteEvents({ file, now: () => now, random: () => 0.5 })
    const publish = (kind: typeof event, n: number): Promise<void> =>
      events.publish(kind, { n }, { deduplicationId: `${kind.subject}-${n}` })
    for (let n = 0; n < 10; n++) await publish(fleeting, n)
    await publish(event, 0)
    now += 5_000
    for (let n = 10; n < 100; n++) await publish(fleeting, n)
    expect((await events.depth(fleeting)).waiting).toBe(100)
    now += 1
    for (let n = 100; n < 200; n++) await publish(fleeting, n)
    expect((await events.depth(fleeting)).waiting).toBe(190)
    expect((await events.depth(event)).waiting).toBe(1)
    await events.close()
  })

  it('keeps what it has acknowledged when its process is killed, also what was being delivered', async () => {
    const script = fileURLToPath(new URL('./sqlite-publisher.suite.ts', import.meta.url))
    const child = spawn(process.execPath, ['--no-warnings', '--conditions=source', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    await until(() => output.split('\n').length > 200)
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
    const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n').map(Number)

    const events = open(file)
    const attempts = new Map<number, number>()
    const handler = async ({ n }: { n: number }, { attempt }: Delivery): Promise<void> => void attempts.set(n, attempt)
    await events.subscribe(event, { durable: 'push', handler, maxInFlight: 50, ackWaitMs: 30_000, maxDeliver: 5 })
    await until(async () => (await events.depth(event)).waiting === 0)
    await events.close()
    expect(acknowledged.length).toBeGreaterThanOrEqual(200)
    expect(acknowledged.filter((n) => !attempts.has(n))).toEqual([])
    const again = [...attempts.values()].filter((attempt) => attempt === 2)
    // At most five could be in delivery; how many were depends on the moment of the kill.
    expect(again.length).toBeGreaterThan(0)
    expect(again.length).toBeLessThanOrEqual(5)
  })

  it('refuses a file that another one holds', async () => {
    const events = open(file)
    expect(() => open(file)).toThrow(BusUnavailableError)
    await events.close()
  })

  it('refuses a file that is no database', async () => {
    await writeFile(file, 'no database, but long enough to be read as the header of one '.repeat(20))
    expect(() => open(file)).toThrow(BusUnavailableError)
  })

  it('refuses events after it was closed', async () => {
    const events = open(file)
    await events.close()
    await expect(events.publish(event, { n: 1 }, { deduplicationId: 'a' })).rejects.toThrow(BusUnavailableError)
  })

  it('remembers deduplication ids for the duplicate window', async () => {
    let now = 1_000
    const events = new SqliteEvents({ file, now: () => now, random: () => 0, duplicateWindowMs: 100 })
    await events.publish(event, { n: 1 }, { deduplicationId: 'a' })
    now = 1_099
    await events.publish(event, { n: 1 }, { deduplicationId: 'a' })
    expect((await events.depth(event)).waiting).toBe(1)
    now = 1_100
    await events.publish(event, { n: 1 }, { deduplicationId: 'a' })
    expect((await events.depth(event)).waiting).toBe(2)
    await events.close()
  })
})
