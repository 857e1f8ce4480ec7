import { describe, expect, it } from '@jest/globals'
import type { Mailboxes } from '../mailboxes.ts'
import { ALICE, BOB, hashOf, message, NOON, type StartMailboxes, storeAll } from './samples.suite.ts'

/** A token of 36 bytes that is easy to recognise. */
function token(number: number): Uint8Array {
  return new Uint8Array(36).fill(number)
}

async function revoked(mailboxes: Mailboxes, account = ALICE): Promise<number[]> {
  const tokens = await mailboxes.revokedTokens(account)
  for (const one of tokens) expect(one).toHaveLength(36)
  return tokens.map((one) => one[0] ?? -1)
}

export function describeRevocations(start: StartMailboxes): void {
  describe('revoked tokens', () => {
    it('are listed in the order in which they were revoked last', async () => {
      const mailboxes = await start()
      expect(await revoked(mailboxes)).toEqual([])
      await mailboxes.revoke(ALICE, [token(200), token(0)], 50)
      await mailboxes.revoke(ALICE, [token(5), token(200)], 50)
      await mailboxes.revoke(BOB, [token(9)], 50)
      expect(await revoked(mailboxes)).toEqual([0, 5, 200])
      expect(await revoked(mailboxes, BOB)).toEqual([9])
    })

    it('count once when they are named twice', async () => {
      const mailboxes = await start()
      await mailboxes.revoke(ALICE, [token(1), token(2), token(1)], 2)
      expect(await revoked(mailboxes)).toEqual([2, 1])
    })

    it.each([
      [2, [3, 4]],
      [3, [2, 3, 4]],
      [4, [1, 2, 3, 4]],
      [5, [1, 2, 3, 4]],
    ])('are no more than the last %i', async (keep, left) => {
      const mailboxes = await start()
      await mailboxes.revoke(ALICE, [token(1), token(2)], 50)
      await mailboxes.revoke(ALICE, [token(3), token(4)], keep)
      expect(await revoked(mailboxes)).toEqual(left)
    })

    it('come off the list and are counted', async () => {
      const mailboxes = await start()
      await mailboxes.revoke(ALICE, [token(1), token(2), token(3)], 50)
      expect(await mailboxes.unrevoke(ALICE, [token(3), token(1), token(4), token(3)])).toBe(2)
      expect(await revoked(mailboxes)).toEqual([2])
      expect(await mailboxes.unrevoke(BOB, [token(2)])).toBe(0)
      await mailboxes.revoke(ALICE, [token(1)], 50)
      expect(await revoked(mailboxes)).toEqual([2, 1])
    })

    it('stay when the last message goes, deleted or swept', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b', { account: BOB, expiry: NOON + 1 })])
      await mailboxes.revoke(ALICE, [token(1)], 50)
      await mailboxes.revoke(BOB, [token(2)], 50)
      await mailboxes.delete(ALICE, [hashOf('a')], NOON)
      await mailboxes.removeExpired(NOON + 1, 10)
      expect(await revoked(mailboxes)).toEqual([1])
      expect(await revoked(mailboxes, BOB)).toEqual([2])
    })

    it('take nothing of the quota', async () => {
      const mailboxes = await start({ messages: 1, bytes: 5 })
      await mailboxes.revoke(ALICE, [token(1)], 50)
      await storeAll(mailboxes, [message('a')])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
    })

    it('are all there after many revocations at a time', async () => {
      const mailboxes = await start()
      const numbers = Array.from({ length: 40 }, (_, index) => index)
      await Promise.all(numbers.map((number) => mailboxes.revoke(ALICE, [token(number)], 50)))
      expect((await revoked(mailboxes)).sort((one, other) => one - other)).toEqual(numbers)
    })
  })
}
