import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, readdir, readlink, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Blobs, StoreCorruptError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { describeBlobs } from '../blobs.suite.ts'
import { readAll } from '../read-all.suite.ts'
import { DirectoryBlobWriter } from './directory-blob-writer.ts'
import { HeldBytes } from './held-bytes.ts'
import { openDirectoryBlobs } from './index.ts'
import { Layout } from './layout.ts'

describeBlobs('directory blobs', async () => {
  const path = await mkdtemp(join(tmpdir(), 'sotto-blobs-'))
  const reopen = (): Promise<Blobs> => openDirectoryBlobs({ path, randomBytes })
  return { blobs: await reopen(), reopen, stop: () => rm(path, { recursive: true }) }
})

describeBlobs('directory blobs that may hold no bytes in memory', async () => {
  const path = await mkdtemp(join(tmpdir(), 'sotto-blobs-'))
  const reopen = (): Promise<Blobs> => openDirectoryBlobs({ path, randomBytes, maxHeldBytes: 0 })
  return { blobs: await reopen(), reopen, stop: () => rm(path, { recursive: true }) }
})

describe('a directory of blobs', () => {
  let path: string
  let blobs: Blobs

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'sotto-blobs-'))
    blobs = await openDirectoryBlobs({ path, randomBytes })
  })
  afterEach(async () => {
    await rm(path, { recursive: true, force: true })
  })

  async function store(bytes: Uint8Array): Promise<string> {
    const writer = await blobs.create({ maxSize: bytes.length })
    await writer.write(bytes)
    return writer.commit()
  }

  const fileOf = (key: string): string => join(path, key.slice(0, 2), key)

  async function openBlobFiles(): Promise<string[]> {
    const links = await Promise.allSettled(
      (await readdir('/proc/self/fd')).map((descriptor) => readlink(`/proc/self/fd/${descriptor}`)),
    )
    return links.flatMap((link) => (link.status === 'fulfilled' && link.value.startsWith(path) ? link.value : []))
  }

  it('gives files and directories to their owner only', async () => {
    const key = await store(Buffer.alloc(10))
    expect((await stat(fileOf(key))).mode & 0o777).toBe(0o600)
    expect((await stat(join(path, key.slice(0, 2)))).mode & 0o777).toBe(0o700)
  })

  it('counts what a dead process left behind and removes only what is old enough', async () => {
    await writeFile(join(path, 'incoming', 'left-behind'), 'x')
    const { ctimeMs } = await stat(join(path, 'incoming', 'left-behind'))
    expect(await blobs.removeUnfinished(ctimeMs)).toBe(0)
    expect(await blobs.removeUnfinished(ctimeMs + 1)).toBe(1)
    expect(await readdir(join(path, 'incoming'))).toEqual([])
  })

  it('does not list what is no blob', async () => {
    await store(Buffer.alloc(10))
    await writeFile(join(path, 'README'), 'x')
    const [shard = ''] = (await readdir(path)).filter((name) => name.length === 2)
    await writeFile(join(path, shard, 'notes.txt'), 'x')
    let listed = 0
    for await (const { key } of blobs.list()) listed += key.length === 32 ? 1 : 100
    expect(listed).toBe(1)
  })

  it('keeps no file open after writers and readers are done, aborted or stopped early', async () => {
    const key = await store(randomBytes(1_500_000))
    await (await blobs.create({ maxSize: 1 })).abort()
    await readAll(await blobs.read(key))
    await blobs.read(key)
    for await (const _ of await blobs.read(key)) break
    expect(await openBlobFiles()).toEqual([])
  })

  it('says so when a blob has been cut off', async () => {
    const key = await store(randomBytes(1_500_000))
    const pieces = await blobs.read(key)
    await truncate(fileOf(key), 700_000)
    await expect(readAll(pieces)).rejects.toThrow(StoreCorruptError)
  })

  it('calls no blob lost while the whole directory is gone', async () => {
    const key = await store(Buffer.alloc(10))
    await rename(path, `${path}-elsewhere`)
    try {
      await expect(blobs.size(key)).rejects.toThrow(StoreUnavailableError)
      await expect(blobs.read(key)).rejects.toThrow(StoreUnavailableError)
      await expect(blobs.create({ maxSize: 1 })).rejects.toThrow(StoreUnavailableError)
      await expect(blobs.check()).rejects.toThrow(StoreUnavailableError)
    } finally {
      await rename(`${path}-elsewhere`, path)
    }
  })

  it('cannot be opened where a file is', async () => {
    await writeFile(join(path, 'file'), '')
    const opening = openDirectoryBlobs({ path: join(path, 'file'), randomBytes })
    await expect(opening).rejects.toThrow(StoreUnavailableError)
  })

  describe('on a full disk', () => {
    async function fullWriter(held: HeldBytes): Promise<DirectoryBlobWriter> {
      const key = 'ab'.repeat(16)
      const layout = new Layout(path)
      await writeFile(layout.incomingFile(key), '')
      const handle = await open('/dev/full', 'w')
      return new DirectoryBlobWriter({
        key,
        handle,
        layout,
        held,
        maxSize: 10_000_000,
        minSize: 0,
        onEnd: () => undefined,
      })
    }

    it('fails a commit and leaves nothing behind', async () => {
      const held = new HeldBytes(400_000)
      const writer = await fullWriter(held)
      await writer.write(Buffer.alloc(1_000))
      await expect(writer.commit()).rejects.toThrow(StoreFullError)
      expect(await readdir(join(path, 'incoming'))).toEqual([])
      held.add(399_999)
      expect(held.isFull).toBe(false)
    })

    it('fails one of the next writes, and an abort then leaves nothing behind', async () => {
      const held = new HeldBytes(400_000)
      const writer = await fullWriter(held)
      await expect(
        (async () => {
          for (let piece = 0; piece < 20; piece++) await writer.write(Buffer.alloc(100_000))
        })(),
      ).rejects.toThrow(StoreFullError)
      await writer.abort()
      expect(await readdir(join(path, 'incoming'))).toEqual([])
      held.add(399_999)
      expect(held.isFull).toBe(false)
    })
  })
})
