import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Crypto } from '#crypto'
import { openDirectoryBlobs } from '#stores/blobs/directory/index'
import { openSqliteFileRecords } from '#stores/files/sqlite/index'
import type { Stores } from './stores.ts'

/** Records in SQLite and blobs in a directory, both in the data directory. */
export async function openEmbedded(dataDirectory: string, crypto: Crypto): Promise<Stores> {
  const directory = join(dataDirectory, 'attachments')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const records = await openSqliteFileRecords({ path: join(directory, 'files.sqlite') })
  try {
    const blobs = await openDirectoryBlobs({
      path: join(directory, 'blobs'),
      randomBytes: (length) => crypto.randomBytes(length),
    })
    return { records, blobs }
  } catch (error) {
    await records.close()
    throw error
  }
}
