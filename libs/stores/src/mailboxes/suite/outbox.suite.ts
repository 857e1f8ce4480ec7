import { describe, expect, it } from '@jest/globals'
import type { Mailboxes, OutboxEntry } from '../mailboxes.ts'
import {
  ALICE,
  BOB,
  DAY,
  eventOf,
  hashOf,
  message,
  NOON,
  ROOMY,
  type StartMailboxes,
  storeAll,
} from './samples.suite.ts'

const EVER = Number.MAX_SAFE_INTEGER

function text({ payload }: OutboxEntry): string {
  return new TextDecoder().decode(payload)
}

async function waiting(mailboxes: Mailboxes, writtenBefore = EVER): Promise<string[]> {
  return (await mailboxes.outbox(writtenBefore, 1_000)).map(text)
}

export function describeOutbox(start: StartMailboxes): void {
  describe('outbox', () => {
    it('has the event of a stored message, bytes exactly', async () => {
      const mailboxes = await start()
      const payload = Uint8Array.from({ length: 256 }, (_, index) => index)
      const outcome = await mailboxes.store(message('a', { event: { partition: 3, payload } }), NOON)
      const [entry] = await mailboxes.outbox(EVER, 10)
      expect(outcome).toMatchObject({ outboxId: entry?.id })
      expect(entry?.partition).toBe(3)
      expect([...(entry?.payload ?? [])]).toEqual([...payload])
    })

    it('has events of one account in the order of the stores', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('c'), message('a', { namespace: 4 }), message('b')])
      expect(await waiting(mailboxes)).toEqual(['event c', 'event a', 'event b'])
      expect((await mailboxes.outbox(EVER, 2)).map(text)).toEqual(['event c', 'event a'])
    })

    it('has nothing for a message that is known or refused', async () => {
      const mailboxes = await start({ messages: 10, bytes: 100 })
      await storeAll(mailboxes, [message('a'), message('a', { expiry: NOON + 2 * DAY }), message('b', { length: 101 })])
      expect(await waiting(mailboxes)).toEqual(['event a'])
    })

    it('has another event for a message that is stored again after its expiry', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a', { expiry: NOON + 1 })])
      await mailboxes.store(message('a', { event: eventOf(ALICE, 'again') }), NOON + 1)
      expect(await waiting(mailboxes)).toEqual(['event a', 'event again'])
    })

    it('gives only what was written before a time', async () => {
      const mailboxes = await start()
      await mailboxes.store(message('a'), NOON)
      await mailboxes.store(message('b'), NOON + 1)
      await mailboxes.store(message('c', { account: BOB }), NOON + 2)
      expect(await waiting(mailboxes, NOON)).toEqual([])
      expect(await waiting(mailboxes, NOON + 1)).toEqual(['event a'])
      expect(await waiting(mailboxes, NOON + 2)).toEqual(['event a', 'event b'])
      expect((await waiting(mailboxes, NOON + 3)).sort()).toEqual(['event a', 'event b', 'event c'])
    })

    it('gives up to a limit over all accounts', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b', { account: BOB }), message('c')])
      expect(await mailboxes.outbox(EVER, 2)).toHaveLength(2)
      expect(await mailboxes.outbox(EVER, 3)).toHaveLength(3)
      expect(await mailboxes.outbox(EVER, 4)).toHaveLength(3)
    })

    it('forgets what is published and ignores what it does not know', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b'), message('c')])
      const [first, second] = await mailboxes.outbox(EVER, 2)
      const ids = [first?.id ?? '', second?.id ?? '']
      await mailboxes.removeFromOutbox([...ids, 'unknown', '', `${ids[0]}0`, '1'])
      expect(await waiting(mailboxes)).toEqual(['event c'])
      await mailboxes.removeFromOutbox(ids)
      await mailboxes.removeFromOutbox([])
      expect(await waiting(mailboxes)).toEqual(['event c'])
    })

    it('keeps the event of a message that is deleted, swept or evicted', async () => {
      const mailboxes = await start({ messages: 1, bytes: 100 })
      await storeAll(mailboxes, [message('a'), message('b')])
      await mailboxes.delete(ALICE, [hashOf('b')], NOON)
      await mailboxes.removeExpired(NOON + DAY, 10)
      expect(await waiting(mailboxes)).toEqual(['event a', 'event b'])
    })

    it('never names two entries alike, also after all are removed and over a close', async () => {
      const place = `named-${NOON}`
      const ids: string[] = []
      for (let round = 0; round < 3; round++) {
        const mailboxes = await start(ROOMY, place)
        for (const account of [ALICE, BOB]) {
          await mailboxes.store(message('a', { account }), NOON)
          await mailboxes.store(message('b', { account }), NOON)
          await mailboxes.delete(account, [hashOf('a'), hashOf('b')], NOON)
        }
        const entries = await mailboxes.outbox(EVER, 100)
        expect(entries).toHaveLength(4)
        ids.push(...entries.map(({ id }) => id))
        await mailboxes.removeFromOutbox(entries.map(({ id }) => id))
        await mailboxes.close()
      }
      expect(new Set(ids).size).toBe(12)
      for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{1,100}$/)
    })

    it('names the entries of two stores differently', async () => {
      const stores = [await start(), await start()]
      for (const one of stores) await one.store(message('a'), NOON)
      const ids = await Promise.all(stores.map(async (one) => (await one.outbox(EVER, 1))[0]?.id))
      expect(new Set(ids).size).toBe(2)
    })

    it('keeps entries and their names over a close', async () => {
      const place = `entries-${NOON}`
      const first = await start(ROOMY, place)
      await storeAll(first, [message('a'), message('b')])
      const before = await first.outbox(EVER, 10)
      await first.close()
      const second = await start(ROOMY, place)
      expect(await second.outbox(EVER, 10)).toEqual(before)
      await second.removeFromOutbox([before[0]?.id ?? ''])
      expect(await waiting(second)).toEqual(['event b'])
    })

    it('has one entry for each of many stores at a time', async () => {
      const mailboxes = await start()
      const names = Array.from({ length: 100 }, (_, index) => `m${index}`)
      const outcomes = await Promise.all(names.map((name) => mailboxes.store(message(name), NOON)))
      const told = outcomes.map((outcome) => (outcome.outcome === 'stored' ? outcome.outboxId : ''))
      expect((await mailboxes.outbox(EVER, 1_000)).map(({ id }) => id)).toEqual(told)
    })
  })
}
