import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nativeCrypto } from '#crypto/native/index'
import {
  type AccountRequest,
  buildExpire,
  buildUnsignedRetrieve,
  buildUnsignedStore,
  changesExpiry,
  checkTime,
  clampExpiry,
  conditionsHold,
  createToken,
  expireMode,
  fillPage,
  groupSigner,
  MAX_RETRIEVE_SIZE,
  MAX_TTL_MS,
  messageCost,
  pageLimits,
  planExpire,
  revokedIn,
  revokeTokens,
  RpcError,
  subaccountSigner,
  unrevokeTokens,
} from './index.ts'
import { vectors } from './vectors.suite.ts'

const NOW = 1_700_000_000_000
const DAY = 86_400_000
const seed = new Uint8Array(32).fill(7)
const owner = groupSigner(nativeCrypto, seed)
const member = subaccountSigner(
  nativeCrypto,
  owner.account,
  createToken(nativeCrypto, seed, owner.account.key, 3),
  seed,
)
const HASHES = ['a', 'b', 'c'].map((letter) => letter.repeat(43))

describe('paging', () => {
  it.each(vectors.paging.cases)('returns $returned of the messages, more: $more', (vector) => {
    const limits = pageLimits(vector.max_count ?? undefined, vector.max_size ?? undefined)
    expect(fillPage(vector.message_sizes, limits)).toEqual({ count: vector.returned, more: vector.more })
  })

  it('takes a fifth unless something is asked for, and all at most', () => {
    expect(pageLimits()).toEqual({ count: Infinity, size: MAX_RETRIEVE_SIZE / 5 })
    expect(pageLimits(3)).toEqual({ count: 3, size: MAX_RETRIEVE_SIZE })
    expect(pageLimits(-1, -1)).toEqual({ count: Infinity, size: MAX_RETRIEVE_SIZE })
    const sizes = [MAX_RETRIEVE_SIZE - 1, MAX_RETRIEVE_SIZE, MAX_RETRIEVE_SIZE + 1]
    expect(sizes.map((size) => pageLimits(0, size).size)).toEqual([
      MAX_RETRIEVE_SIZE - 1,
      MAX_RETRIEVE_SIZE,
      MAX_RETRIEVE_SIZE,
    ])
  })

  it('fills a page to the last byte and does not try smaller messages behind one that does not fit', () => {
    const exact = 2 * messageCost(100)
    expect(fillPage([100, 100], { count: Infinity, size: exact })).toEqual({ count: 2, more: false })
    expect(fillPage([100, 101, 1], { count: Infinity, size: exact })).toEqual({ count: 1, more: true })
  })

  it('never loses a message between pages', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(76_800)), fc.integer({ min: -9, max: 9 }), fc.integer(), (sizes, count, size) => {
        const limits = pageLimits(count, size)
        let rest = sizes
        for (let pages = 0; rest.length > 0 && pages <= sizes.length; pages++) {
          const page = fillPage(rest, limits)
          expect(page.count).toBeGreaterThan(0)
          rest = rest.slice(page.count)
          expect(page.more).toBe(rest.length > 0)
        }
        expect(rest).toEqual([])
      }),
    )
  })
})

describe('expire', () => {
  const stored = { timestamp: NOW - DAY, expiry: NOW + DAY }

  it('clamps to 30 days from now', () => {
    const limit = NOW + MAX_TTL_MS
    expect([limit - 1, limit, limit + 1, 2n ** 64n - 1n].map((expiry) => clampExpiry(expiry, NOW))).toEqual([
      limit - 1,
      limit,
      limit,
      limit,
    ])
  })

  it('moves an expiry in the direction asked for, equal ones not at all', () => {
    const wanted = [stored.expiry - 1, stored.expiry, stored.expiry + 1]
    expect(wanted.map((expiry) => changesExpiry(stored, expiry, 'set'))).toEqual([true, true, true])
    expect(wanted.map((expiry) => changesExpiry(stored, expiry, 'extend'))).toEqual([false, false, true])
    expect(wanted.map((expiry) => changesExpiry(stored, expiry, 'shorten'))).toEqual([true, false, false])
  })

  it('leaves extensions below 1 % of the lifetime when told so', () => {
    const percent = (2 * DAY) / 100
    const wanted = [percent - 1, percent, percent + 1].map((more) => stored.expiry + more)
    expect(wanted.map((expiry) => changesExpiry(stored, expiry, 'extend', true))).toEqual([false, true, true])
    expect(changesExpiry(stored, stored.expiry - 1, 'shorten', true)).toBe(true)
    const old = { timestamp: NOW - 300 * DAY, expiry: NOW }
    const most = MAX_TTL_MS / 100
    expect([most - 1, most].map((more) => changesExpiry(old, NOW + more, 'extend', true))).toEqual([false, true])
  })

  it('lets a member without delete permission extend only', () => {
    expect(expireMode(buildExpire(owner, HASHES, [NOW]))).toBe('set')
    expect(expireMode(buildExpire(member, HASHES, [NOW]))).toBe('extend')
    expect(expireMode(buildExpire(member, HASHES, [NOW], 'shorten'))).toBe('shorten')
  })

  it('plans for the messages that exist, the last expiry of a hash winning', () => {
    const [first = '', second = '', third = ''] = HASHES
    const messages = new Map([first, second].map((hash) => [hash, stored]))
    const request = buildExpire(
      owner,
      [first, third, second, first],
      [NOW, NOW, NOW + 2 * DAY, NOW + 3 * DAY],
      'extend',
    )
    expect(planExpire(request, messages, NOW)).toEqual({
      updated: new Map([
        [first, NOW + 3 * DAY],
        [second, NOW + 2 * DAY],
      ]),
      unchanged: new Map(),
    })
    expect(planExpire(buildExpire(owner, HASHES, [NOW], 'extend'), messages, NOW)).toEqual({
      updated: new Map(),
      unchanged: new Map([first, second].map((hash) => [hash, stored.expiry])),
    })
  })
})

describe('revocations', () => {
  const token = (index: number): Uint8Array => new Uint8Array(36).fill(index)

  it.each([49, 50, 51])('keep the 50 most recent tokens: %i', (count) => {
    const tokens = Array.from({ length: count }, (_, index) => token(index))
    const list = tokens.reduce<readonly Uint8Array[]>((all, one) => revokeTokens(all, [one]), [])
    expect(list).toEqual(tokens.slice(-50))
    expect(revokedIn(list)(token(0))).toBe(count <= 50)
    expect(revokedIn(list)(token(count - 1))).toBe(true)
  })

  it('hold a token once, and count what was taken off', () => {
    const list = revokeTokens([token(1), token(2)], [token(1), token(3), token(3)])
    expect(list).toEqual([token(2), token(1), token(3)])
    expect(unrevokeTokens(list, [token(1), token(1), token(9)])).toEqual({ list: [token(2), token(3)], count: 1 })
    expect(revokedIn(list)(token(9))).toBe(false)
  })
})

describe('ifelse', () => {
  const state = { hardFork: [19, 4], version: [2, 8, 0], height: 100 } as const

  it.each([
    [{ hardForkAtLeast: [19, 4] }, true],
    [{ hardForkAtLeast: [19, 5] }, false],
    [{ hardForkAtLeast: [19] }, true],
    [{ hardForkBefore: [19] }, false],
    [{ hardForkBefore: [20] }, true],
    [{ versionAtLeast: [2, 8, 0, 7] }, true],
    [{ versionBefore: [2, 8, 1] }, true],
    [{ versionBefore: [2, 8, 0] }, false],
    [{ heightAtLeast: 100, heightBefore: 101 }, true],
    [{ heightBefore: 100 }, false],
    [{ heightAtLeast: 1, hardForkBefore: [1] }, false],
  ])('compares versions part by part: %j', (conditions, holds) => {
    expect(conditionsHold(conditions, state)).toBe(holds)
  })
})

describe('checkTime', () => {
  const context = { now: NOW, hardFork: [19, 4] } as const
  const status = (request: AccountRequest, more: object = {}): number => {
    try {
      checkTime(request, { ...context, ...more })
      return 200
    } catch (error) {
      if (error instanceof RpcError) return error.status
      throw error
    }
  }
  const { account } = owner
  const authentication = owner.authenticate(new Uint8Array())
  const store = (namespace: number, timestamp: number, ttl: number): AccountRequest => {
    return buildUnsignedStore(account, { namespace, timestamp, ttl, data: new Uint8Array() })
  }

  it('bounds the time to live of a message', () => {
    expect([9999, 10_000, 10_001].map((ttl) => status(store(0, NOW, ttl)))).toEqual([403, 200, 200])
    expect([-1, 0, 1].map((more) => status(store(0, NOW, 14 * DAY + more)))).toEqual([200, 200, 403])
    const inPrivate = (more: number): AccountRequest =>
      ({ ...store(2, NOW, 30 * DAY + more), authentication }) as AccountRequest
    expect([-1, 0, 1].map((more) => status(inPrivate(more)))).toEqual([200, 200, 403])
  })

  it('bounds the time of a message and its expiry', () => {
    expect([9999, 10_000, 10_001].map((ahead) => status(store(0, NOW + ahead, DAY)))).toEqual([200, 200, 406])
    expect([9999, 10_000, 10_001].map((ago) => status(store(0, NOW - 20_000 - ago, 20_000)))).toEqual([200, 200, 406])
  })

  it.each(['get_expiries', 'delete_all', 'revoke_subaccount', 'unrevoke_subaccount', 'revoked_subaccounts'] as const)(
    'bounds the time of a signature by 60 seconds: %s',
    (method) => {
      const at = (timestamp: number): AccountRequest => ({
        ...{ account, authentication, timestamp, hashes: HASHES, tokens: [], namespace: 0 },
        method,
      })
      for (const sign of [-1, 1]) {
        const times = [59_999, 60_000, 60_001].map((off) => at(NOW + sign * off))
        expect(times.map((request) => status(request))).toEqual([200, 200, 406])
      }
      const forwarded = [70_000, 70_001].map((off) => status(at(NOW - off), { isForwarded: true }))
      expect(forwarded).toEqual(method === 'delete_all' ? [200, 406] : [406, 406])
    },
  )

  it('bounds the times of bulk requests on one side', () => {
    const before = (time: number): AccountRequest => ({
      method: 'delete_before',
      account,
      namespace: 0,
      before: time,
      authentication,
    })
    expect([60_000, 60_001].map((ahead) => status(before(NOW + ahead)))).toEqual([200, 401])
    expect(status(before(NOW - 400 * DAY))).toBe(200)
    const expireAll = (expiry: number): AccountRequest => ({
      method: 'expire_all',
      account,
      namespace: 0,
      expiry,
      authentication,
    })
    expect([60_000, 60_001].map((ago) => status(expireAll(NOW - ago)))).toEqual([200, 406])
    expect([70_000, 70_001].map((ago) => status(expireAll(NOW - ago), { isForwarded: true }))).toEqual([200, 406])
    const expire = (...expiries: number[]): AccountRequest =>
      buildExpire(owner, HASHES.slice(0, expiries.length), expiries)
    expect([60_000, 60_001].map((ago) => status(expire(NOW - ago)))).toEqual([200, 401])
    expect(status(expire(NOW, NOW - 60_001))).toBe(401)
    expect(
      [
        [19, 3],
        [19, 4],
        [20, 0],
      ].map((hardFork) => status(expire(NOW, NOW), { hardFork })),
    ).toEqual([403, 200, 200])
  })

  it('wants a signature where a namespace is not for everybody', () => {
    const retrieve = (namespace: number): AccountRequest => buildUnsignedRetrieve(account, { namespace })
    expect([0, -10, -20, -1, -11, 2].map((namespace) => status(retrieve(namespace)))).toEqual([
      401, 200, 401, 200, 401, 401,
    ])
    expect([0, -10, 20, -1, -11, 2].map((namespace) => status(store(namespace, NOW, DAY)))).toEqual([
      200, 200, 200, 401, 401, 401,
    ])
  })
})
