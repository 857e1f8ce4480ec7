import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtApp, ensureBuilt } from '../support/built.ts'
import {
  type Ended,
  freePortBase,
  startExpectingEnd,
  startStandaloneProcess,
  temporaryDirectory,
} from '../support/standalone.ts'

const APNS_TRIO = ['SOTTO_PUSH_APNS_KEY_FILE', 'SOTTO_PUSH_APNS_KEY_ID', 'SOTTO_PUSH_APNS_TEAM_ID']

describe('starting with a push relay that cannot work', () => {
  let directory: string
  let environment: Record<string, string>

  beforeAll(ensureBuilt, 120_000)
  beforeEach(async () => {
    directory = temporaryDirectory()
    const base = await freePortBase()
    environment = { SOTTO_DATA_DIR: directory, SOTTO_HTTP_PORT: String(base), SOTTO_NODE_PORT_BASE: String(base + 20) }
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  function expectOneSentence({ code, complaint }: Ended, about: string): void {
    expect(complaint.trim().split('\n')).toEqual([expect.stringContaining(about)])
    expect(complaint).toMatch(/[^.]\.\n$/)
    expect(code).toBe(1)
  }

  it.each([
    ['not what they should be', { SOTTO_PUSH_DEVICES: 'many', SOTTO_PUSH_TTL: 'never' }],
    ['nothing that fits together', { SOTTO_PUSH_VAPID_SUBJECT: 'me', SOTTO_PUSH_LOG_SERVICES: 'pigeon' }],
  ])('names at once all variables that are %s', async (_kind, bad) => {
    const { code, complaint } = await startExpectingEnd({ ...environment, ...bad })
    expect(code).toBe(1)
    const named = complaint
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0])
    expect(named.sort()).toEqual(Object.keys(bad).sort())
  })

  it('names the variables of APNs that go together', async () => {
    const ended = await startExpectingEnd({ ...environment, SOTTO_PUSH_APNS_KEY_ID: 'ABC' })
    for (const name of APNS_TRIO) expectOneSentence(ended, name)
  })

  it.each([
    ['SOTTO_PUSH_FCM_ACCOUNT_FILE', {}],
    ['SOTTO_PUSH_APNS_KEY_FILE', { SOTTO_PUSH_APNS_KEY_ID: 'ABC', SOTTO_PUSH_APNS_TEAM_ID: 'DEF' }],
  ])('does not hide that the credentials in %s are damaged, nor show them', async (variable, others) => {
    const file = join(directory, 'credentials')
    writeFileSync(file, 'these are no credentials', { mode: 0o600 })
    const { code, complaint } = await startExpectingEnd({ ...environment, ...others, [variable]: file })
    expect(code).toBe(1)
    expect(complaint.trim().split('\n')).toHaveLength(1)
    expect(complaint).not.toContain('these are no credentials')
  })

  it.each(['subscriptions.sqlite', 'notifications.sqlite', 'push-secret', 'push-ed25519-seed', 'push-vapid-key'])(
    'says in one sentence that %s is damaged',
    async (name) => {
      const first = await startStandaloneProcess(environment)
      expect(await first.stop()).toBe(0)
      const damaged = join(directory, name.endsWith('.sqlite') ? 'push' : '', name)
      expect(existsSync(damaged)).toBe(true)
      for (const suffix of ['-wal', '-shm']) rmSync(`${damaged}${suffix}`, { force: true })
      writeFileSync(damaged, 'this is not what was here before')
      const ended = await startExpectingEnd(environment)
      expectOneSentence(ended, directory)
      expect(ended.complaint).not.toContain('this is not what was here before')
    },
  )

  it('says in one sentence that the disk is full', async () => {
    expectOneSentence(await startOnFullDisk(join(directory, 'push')), 'is full')
  })

  /** Starts it in a mount namespace of its own with a tiny file system at `full`; needs no privilege outside it. */
  async function startOnFullDisk(full: string): Promise<Ended> {
    const script = `mkdir -p ${full} && mount -t tmpfs -o size=4k none ${full} && exec "$@"`
    const args = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh']
    const child = spawn('unshare', [...args, process.execPath, builtApp('standalone')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      timeout: 30_000,
      killSignal: 'SIGKILL',
    })
    let complaint = ''
    child.stderr.on('data', (piece: Buffer) => (complaint += piece.toString()))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, complaint }
  }
})
