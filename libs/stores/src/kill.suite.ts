/** A server that is to be killed: stores files in SQLite and a directory and prints each id once it is acknowledged. */
import { createHash, randomBytes } from 'node:crypto'
import { openDirectoryBlobs } from './blobs/directory/index.ts'
import { openSqliteFileRecords } from './files/sqlite/index.ts'

const [directory = '', round = ''] = process.argv.slice(2)
const records = await openSqliteFileRecords({ path: `${directory}/files.sqlite` })
const blobs = await openDirectoryBlobs({ path: `${directory}/blobs`, randomBytes })

/** 300,000 bytes when the number of the file is even, else 32, all derived from its id. */
function bodyOf(id: string): Buffer {
  const digest = createHash('sha256').update(id).digest()
  return Number(id) % 2 === 0 ? Buffer.alloc(300_000, digest) : digest
}

async function storeFile(id: string): Promise<void> {
  const bytes = bodyOf(id)
  const file = { id, size: bytes.length, uploadedAt: 0, expiresAt: 1, format: 1 }
  if (bytes.length < 1_000) {
    await records.put({ ...file, body: { kind: 'inline', bytes } }, { ifExists: 'refuse' })
  } else {
    const writer = await blobs.create({ maxSize: bytes.length })
    await writer.write(bytes)
    await records.put({ ...file, body: { kind: 'blob', key: await writer.commit() } }, { ifExists: 'refuse' })
  }
  process.stdout.write(`${id}\n`)
}

async function storeForEver(lane: number): Promise<void> {
  for (let count = 0; ; count++) await storeFile(String(Number(round) * 1_000_000 + count * 10 + lane))
}

await Promise.all(Array.from({ length: 10 }, (_, lane) => storeForEver(lane)))
