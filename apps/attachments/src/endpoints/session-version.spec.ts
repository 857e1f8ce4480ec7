import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openSources } from '../releases/open-sources.ts'
import { startTestService, type TestService } from '../testing/service.suite.ts'

const NONE = { releasesFile: undefined, releasesUrl: undefined, tokenInfoFile: undefined, networkInfoFile: undefined }
const DAY = 86_400

let directory: string
let file: string
let service: TestService
let reported: unknown[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-sources-'))
  file = join(directory, 'source.json')
  reported = []
})
afterEach(async () => {
  await service.stop()
  await rm(directory, { recursive: true })
})

async function start(config: Partial<typeof NONE | Record<keyof typeof NONE, string>>): Promise<void> {
  const now = (): number => 1_750_000_000_000
  const sources = openSources({ ...NONE, ...config }, now, (error) => reported.push(error))
  service = await startTestService({ sources })
}

async function get(path: string): Promise<unknown> {
  return (await fetch(service.url + path)).json()
}

describe('sessionVersion', () => {
  const desktop = { stable: { result: '1.0.0', name: 'one' }, prerelease: { result: '1.1.0' } }

  it('answers 502 while no release is known', async () => {
    await start({ releasesFile: file })
    expect(await get('/session_version?platform=ios')).toEqual({ status_code: 502 })
    expect(reported).toHaveLength(1)
  })

  it('answers with the release of the platform, and with a pre-release when asked', async () => {
    await writeFile(file, JSON.stringify({ desktop }))
    await utimes(file, 1000, 1000)
    await start({ releasesFile: file })
    const stable = { status_code: 200, result: '1.0.0', name: 'one', updated: 1000 }
    expect(await get('/session_version?platform=desktop')).toEqual(stable)
    expect(await get('/session_version?platform=desktop&release_channel=latest')).toEqual(stable)
    expect(await get('/session_version?platform=desktop&release_channel=prerelease')).toEqual({
      ...stable,
      prerelease: { result: '1.1.0', updated: 1000 },
    })
    expect(await get('/session_version?platform=desktop&release_channel=alpha')).toEqual(stable)
    expect(await get('/session_version?platform=android')).toEqual({ status_code: 502 })
    expect(await get('/session_version')).toEqual({ status_code: 404 })
    expect(await get('/session_version?platform=desktop&release_channel=x')).toEqual({ status_code: 404 })
  })

  it('reads a changed file and keeps the last usable one', async () => {
    await writeFile(file, JSON.stringify({ desktop }))
    await start({ releasesFile: file })
    await get('/session_version?platform=desktop')
    await writeFile(file, 'nonsense')
    expect(await get('/session_version?platform=desktop')).toMatchObject({ result: '1.0.0' })
    await writeFile(file, JSON.stringify({ desktop: { stable: { result: '2.0.0' } } }))
    expect(await get('/session_version?platform=desktop')).toMatchObject({ result: '2.0.0' })
  })

  it('asks a URL when no file has it', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      asked += 1
      response.end(JSON.stringify({ desktop }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await start({ releasesUrl: `http://127.0.0.1:${port}/` })
    for (let i = 0; i < 3; i++) {
      expect(await get('/session_version?platform=desktop')).toMatchObject({ result: '1.0.0' })
    }
    expect(asked).toBe(1)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('tokenInfo and networkInfo', () => {
  it('answer 502 without a file', async () => {
    await start({})
    expect(await get('/token_info')).toEqual({ status_code: 502 })
    expect(await get('/info')).toEqual({ status_code: 502 })
  })

  it('cut the history to the days asked for, 7 when out of range', async () => {
    const history = [0, 5, 10, 29, 31].map((days) => ({ updated: 1_750_000_000 - days * DAY }))
    await writeFile(file, JSON.stringify({ maximum_supply: 1, history }))
    await start({ tokenInfoFile: file, networkInfoFile: file })
    const days = async (query: string): Promise<number> => {
      const reply = (await get(`/token_info${query}`)) as { info: { maximum_supply: number; history: unknown[] } }
      expect(reply.info.maximum_supply).toBe(1)
      return reply.info.history.length
    }
    expect(await days('')).toBe(2)
    expect(await days('?days=1')).toBe(1)
    expect(await days('?days=30')).toBe(4)
    for (const query of ['?days=0', '?days=31', '?days=x']) expect(await days(query)).toBe(2)
    expect(await get('/info')).toMatchObject({ status_code: 200, t: 1_750_000_000, maximum_supply: 1 })
  })
})
