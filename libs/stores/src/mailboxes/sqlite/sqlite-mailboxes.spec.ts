import { afterEach, beforeEach } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMailboxes } from '../mailboxes.suite.ts'
import { openSqliteMailboxes } from './index.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-mailboxes-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

describeMailboxes('SQLite mailboxes', ({ place, quota }) =>
  openSqliteMailboxes({ path: join(directory, `${place}.sqlite`), quota, randomBytes }),
)
