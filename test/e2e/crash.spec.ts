import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { ensureBuilt } from '../support/built.ts'
import { startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'

const PARALLEL = 50
const KILLS = 3

interface Acknowledged {
  readonly id: string
  readonly sha256: string
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Uploads files of mixed sizes without pause until the connection breaks; returns what was acknowledged. */
async function uploadUntilBroken(url: string, acknowledged: Acknowledged[]): Promise<void> {
  for (let i = 0; ; i++) {
    // Small bodies lie in the database, large ones in the blob directory; both have to survive.
    const body = randomBytes(i % 3 === 0 ? 300_000 : 2000 + i)
    try {
      const reply = await fetch(`${url}/file`, { method: 'POST', body })
      if (reply.status !== 200) continue
      const { id } = (await reply.json()) as { id: string }
      acknowledged.push({ id, sha256: sha256(body) })
    } catch {
      // The process is gone: what the test waits for.
      return
    }
  }
}

describe('killing the standalone during 50 parallel uploads', () => {
  const SOTTO_DATA_DIR = temporaryDirectory()
  beforeAll(ensureBuilt, 120_000)
  afterAll(() => rmSync(SOTTO_DATA_DIR, { recursive: true, force: true }))

  it('loses no file that was acknowledged', async () => {
    const acknowledged: Acknowledged[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const sotto = await startStandaloneProcess({ SOTTO_DATA_DIR })
      const before = acknowledged.length
      const uploads = Array.from({ length: PARALLEL }, () => uploadUntilBroken(sotto.attachments, acknowledged))
      while (acknowledged.length < before + 100 * (kill + 1)) await new Promise((resolve) => setTimeout(resolve, 5))
      await sotto.kill()
      await Promise.all(uploads)
    }
    const sotto = await startStandaloneProcess({ SOTTO_DATA_DIR })
    const lost: string[] = []
    for (const { id, sha256: expected } of acknowledged) {
      const reply = await fetch(`${sotto.attachments}/file/${id}`)
      const body = new Uint8Array(await reply.arrayBuffer())
      if (reply.status !== 200 || sha256(body) !== expected) lost.push(id)
    }
    await sotto.stop()
    expect(acknowledged.length).toBeGreaterThanOrEqual(100 * KILLS)
    expect(lost).toEqual([])
  })
})
