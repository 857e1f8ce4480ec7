import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { ensureBuilt } from '../support/built.ts'
import { type StandaloneProcess, startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'

/** Runs what follows in a mount namespace of its own with a small file system at `directory`; needs no privilege outside it. */
const onSmallDisk = (directory: string): string[] => [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=24m none ${directory} && exec "$@"`,
  'sh',
]

describe('a full disk', () => {
  let sotto: StandaloneProcess
  const SOTTO_DATA_DIR = temporaryDirectory()
  const stored: { id: string; body: Buffer }[] = []

  beforeAll(async () => {
    await ensureBuilt()
    sotto = await startStandaloneProcess({ SOTTO_DATA_DIR }, onSmallDisk(SOTTO_DATA_DIR))
  }, 120_000)
  afterAll(async () => {
    await sotto.stop()
    rmSync(SOTTO_DATA_DIR, { recursive: true, force: true })
  })

  const upload = (body: Buffer<ArrayBuffer>): Promise<Response> =>
    fetch(`${sotto.attachments}/file`, { method: 'POST', body: body })

  it.each([
    ['large', 1_000_000],
    ['small', 10_000],
  ])(
    'answers %s uploads with 507 when there is no room, and keeps what was acknowledged',
    async (_kind, size) => {
      let refused: Response | undefined
      for (let i = 0; i < 5000 && refused === undefined; i++) {
        const body = randomBytes(size)
        const reply = await upload(body)
        if (reply.status === 200) stored.push({ id: ((await reply.json()) as { id: string }).id, body })
        else refused = reply
      }
      expect(refused?.status).toBe(507)
      expect(await refused?.json()).toEqual({ status_code: 507 })
      for (const { id, body } of stored) {
        const reply = await fetch(`${sotto.attachments}/file/${id}`)
        expect(reply.status).toBe(200)
        expect(Buffer.from(await reply.arrayBuffer()).equals(body)).toBe(true)
      }
    },
    60_000,
  )
})
