import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { ensureBuilt } from '../support/built.ts'
import { freePortBase, startExpectingEnd, startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'

const statMode = (file: string): number => statSync(file).mode & 0o777

function allFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function findFile(directory: string, name: string): string {
  const found = allFiles(directory).find((file) => file.endsWith(name))
  if (found === undefined) throw new Error(`${name} is not in ${allFiles(directory).join(', ')}`)
  return found
}

describe('starting the standalone', () => {
  const directories: string[] = []
  const directory = (): string => {
    const made = temporaryDirectory()
    directories.push(made)
    return made
  }

  beforeAll(ensureBuilt, 120_000)
  afterAll(() => {
    for (const made of directories) rmSync(made, { recursive: true, force: true })
  })

  it('tells a newcomer where things are and what to try, and stops with code 0', async () => {
    const sotto = await startStandaloneProcess()
    const { nodes, services } = await sotto.discovery()
    expect(nodes).toHaveLength(12)
    expect(sotto.output()).toContain(sotto.network)
    expect(sotto.output()).toContain(services.attachments.pubkey_ed25519)
    expect(sotto.output()).toContain('npm run demo')
    expect(await sotto.stop()).toBe(0)
  })

  it('keeps its keys over a restart', async () => {
    const SOTTO_DATA_DIR = directory()
    const first = await startStandaloneProcess({ SOTTO_DATA_DIR })
    const before = await first.discovery()
    await first.kill()
    const second = await startStandaloneProcess({ SOTTO_DATA_DIR })
    const after = await second.discovery()
    await second.stop()
    expect(after.nodes.map((node) => node.pubkey_ed25519)).toEqual(before.nodes.map((node) => node.pubkey_ed25519))
    expect(after.services.attachments.pubkey_ed25519).toBe(before.services.attachments.pubkey_ed25519)
  })

  it('ends with one sentence for every bad variable at once', async () => {
    const ended = await startExpectingEnd({
      SOTTO_DATA_DIR: directory(),
      SOTTO_HTTP_PORT: 'many',
      SOTTO_FILE_ID_MODE: 'random',
      SOTTO_ONION_MAX_BODY: 'big',
    })
    expect(ended.code).toBe(1)
    const lines = ended.complaint.trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual([
      'SOTTO_FILE_ID_MODE',
      'SOTTO_HTTP_PORT',
      'SOTTO_ONION_MAX_BODY',
    ])
  })

  it.each([
    ['SOTTO_HTTP_PORT', 0],
    ['SOTTO_ATTACHMENTS_PORT', 1],
    ['SOTTO_OPERATIONS_PORT', 9],
    ['SOTTO_NODE_PORT_BASE', 22],
  ])('ends with one sentence that names %s when its port is taken', async (variable, offset) => {
    const base = await freePortBase()
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(base + offset, '127.0.0.1', resolve))
    const ended = await startExpectingEnd({
      SOTTO_DATA_DIR: directory(),
      SOTTO_HTTP_PORT: String(base),
      SOTTO_NODE_PORT_BASE: String(base + 20),
    })
    holder.close()
    expect(ended.code).toBe(1)
    expect(ended.complaint.trim().split('\n')).toHaveLength(1)
    expect(ended.complaint).toContain(variable)
    expect(ended.complaint).toContain(String(base + offset))
  })

  it('ends with one sentence when the data directory is a file', async () => {
    const file = join(directory(), 'data')
    writeFileSync(file, 'not a directory')
    const ended = await startExpectingEnd({ SOTTO_DATA_DIR: file })
    expect(ended.code).toBe(1)
    expect(ended.complaint.trim().split('\n')).toHaveLength(1)
    expect(ended.complaint).toContain('SOTTO_DATA_DIR')
  })

  it('ends with one sentence when the data directory is in use', async () => {
    const SOTTO_DATA_DIR = directory()
    const first = await startStandaloneProcess({ SOTTO_DATA_DIR })
    const base = await freePortBase()
    const ended = await startExpectingEnd({
      SOTTO_DATA_DIR,
      SOTTO_HTTP_PORT: String(base),
      SOTTO_NODE_PORT_BASE: String(base + 20),
    })
    await first.stop()
    expect(ended.code).toBe(1)
    expect(ended.complaint.trim().split('\n')).toHaveLength(1)
    expect(ended.complaint).toContain('is used by process')
  })

  it.each(['cluster-secret', 'attachments-ed25519-seed', 'files.sqlite'])(
    'ends with one sentence when %s is damaged',
    async (name) => {
      const SOTTO_DATA_DIR = directory()
      const base = await freePortBase()
      const env = { SOTTO_DATA_DIR, SOTTO_HTTP_PORT: String(base), SOTTO_NODE_PORT_BASE: String(base + 20) }
      const first = await startStandaloneProcess(env)
      await first.stop()
      const damaged = findFile(SOTTO_DATA_DIR, name)
      for (const suffix of ['-wal', '-shm']) rmSync(`${damaged}${suffix}`, { force: true })
      writeFileSync(damaged, 'this is not what was here before')
      const ended = await startExpectingEnd(env)
      expect(ended.code).toBe(1)
      expect(ended.complaint.trim().split('\n')).toHaveLength(1)
      expect(ended.complaint).not.toContain('this is not what was here before')
    },
  )

  it('says which variable it does not know', async () => {
    const sotto = await startStandaloneProcess({ SOTTO_FILE_ID_MODES: 'numeric' })
    await sotto.stop()
    expect(sotto.output()).toContain('SOTTO_FILE_ID_MODES is not a setting of Sotto. Did you mean SOTTO_FILE_ID_MODE?')
  })

  it('creates its secrets for the owner only', async () => {
    const SOTTO_DATA_DIR = join(directory(), 'new')
    mkdirSync(SOTTO_DATA_DIR)
    const sotto = await startStandaloneProcess({ SOTTO_DATA_DIR })
    await sotto.stop()
    for (const file of allFiles(SOTTO_DATA_DIR)) expect([file, statMode(file)]).toEqual([file, 0o600])
  })
})
