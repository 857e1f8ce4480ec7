import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openSqliteNotifications } from '#stores/notifications/sqlite/index'
import { openSqliteSubscriptions } from '#stores/subscriptions/sqlite/index'
import { NOTIFICATION_RULES, pushRequestsSuite, SUBSCRIPTION_RULES } from './push-requests.suite.ts'
import { pushVectors } from './push-vectors.suite.ts'

describe('push.json', () => {
  it('is there completely', () => {
    expect([pushVectors.requests.length, pushVectors.sequences.length]).toEqual([99, 8])
  })
})

describe('SQLite', () => {
  let root: string
  let count = 0
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sotto-push-stores-'))
  })
  afterAll(() => rm(root, { recursive: true }))

  pushRequestsSuite('SQLite', {
    notifications: () => openSqliteNotifications({ path: join(root, `n${count++}`), ...NOTIFICATION_RULES }),
    subscriptions: () => openSqliteSubscriptions({ path: join(root, `s${count++}`), ...SUBSCRIPTION_RULES }),
  })
})
