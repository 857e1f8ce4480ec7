import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { DeadlineWheel } from '#runtime'
import { type ApnsFake, startApnsFake } from '../../../../../test/support/fakes/apns/index.ts'
import { SendDeadline } from './send-deadline.ts'
import { SessionPool, type SessionPoolOptions } from './session-pool.ts'

describe('SessionPool', () => {
  let fake: ApnsFake
  let pool: SessionPool
  const deadlines = new DeadlineWheel()
  beforeEach(async () => {
    fake = await startApnsFake()
  })
  afterEach(async () => {
    await pool.close()
    await fake.close()
  })
  const open = (options: Partial<SessionPoolOptions>): void => {
    const { endpoint, ca } = fake.access
    const most = { sessions: 2, streams: 10, requestsPerSession: 1000, waiting: 100 }
    const times = { deadlines, deadlineMs: 10_000, pingAfterMs: 60_000, trustMs: 120_000, now: Date.now }
    pool = new SessionPool({ endpoint, ca, ...most, ...times, ...options })
  }
  const exchange = async (): ReturnType<SessionPool['exchange']> => {
    const deadline = new SendDeadline(deadlines, 10_000)
    try {
      return await pool.exchange(request, deadline)
    } finally {
      deadline.cancel()
    }
  }
  const request = { headers: { ':method': 'POST', ':path': '/' }, body: '{}' }

  it('takes a new connection before the ids of streams run out', async () => {
    open({ requestsPerSession: 10 })
    for (let number = 0; number < 25; number++) {
      expect(await exchange()).toMatchObject({ status: 403 })
    }
    expect(fake.sessionsOpened).toBe(3)
    expect(fake.looked).toBe(25)
  })

  it('does not knock without pause when a second connection cannot be had', async () => {
    open({ streams: 1, now: () => 0 })
    fake.delayMs = 20
    await exchange()
    fake.admits = false
    await Promise.all(Array.from({ length: 20 }, () => exchange()))
    expect(fake.looked).toBe(21)
    expect(fake.sessionsOpened).toBe(2)
  })
})
