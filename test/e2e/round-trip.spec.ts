import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCli, type StandaloneProcess, startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'

describe('an attachment through three hops', () => {
  let sotto: StandaloneProcess
  const directory = temporaryDirectory()

  beforeAll(async () => {
    sotto = await startStandaloneProcess()
  }, 120_000)
  afterAll(async () => {
    await sotto.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it.each([
    ['legacy', 10_000_000],
    ['stream', 10_000_000],
    ['legacy', 1],
    ['stream', 0],
  ])(
    'reaches a second person byte for byte (%s scheme, %d bytes)',
    async (scheme, size) => {
      const original = randomBytes(size)
      const source = join(directory, `${scheme}-${size}`)
      const copy = `${source}-copy`
      writeFileSync(source, original)
      const put = await runCli(sotto.network, 'put', source, '--scheme', scheme, '--json')
      expect([put.code, put.stderr]).toEqual([0, ''])
      const { url, key } = JSON.parse(put.stdout) as { url: string; key: string }
      const get = await runCli(sotto.network, 'get', url, '--key', key, '-o', copy)
      expect(get.code).toBe(0)
      expect(readFileSync(copy).equals(original)).toBe(true)
    },
    60_000,
  )

  it('refuses a file over the limit with one sentence', async () => {
    const source = join(directory, 'too-large')
    writeFileSync(source, randomBytes(10_000_001))
    const put = await runCli(sotto.network, 'put', source)
    expect(put.code).not.toBe(0)
    expect(put.stderr.trim().split('\n')).toHaveLength(1)
  })

  it('lists the nodes of the network', async () => {
    const nodes = await runCli(sotto.network, 'nodes')
    const { nodes: announced } = await sotto.discovery()
    expect(nodes.code).toBe(0)
    for (const node of announced) expect(nodes.stdout).toContain(String(node.storage_port))
  })

  it('says in words what a URL leads to', async () => {
    const source = join(directory, 'inspected')
    writeFileSync(source, 'hello')
    const put = await runCli(sotto.network, 'put', source, '--json')
    const { url } = JSON.parse(put.stdout) as { url: string }
    const inspected = await runCli(sotto.network, 'inspect', url)
    expect(inspected.code).toBe(0)
    expect(inspected.stdout).toMatch(/expires/i)
  })

  it('answers an unknown file with one sentence', async () => {
    const { services } = await sotto.discovery()
    const url = `${services.attachments.url}/file/${'A'.repeat(44)}#p=${services.attachments.pubkey_ed25519}`
    const inspected = await runCli(sotto.network, 'inspect', url)
    expect(inspected.code).not.toBe(0)
    expect(inspected.stderr.trim().split('\n')).toHaveLength(1)
  })
})
