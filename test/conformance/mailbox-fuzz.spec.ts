import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Pool } from 'undici'
import { storageRpcOverBus } from '#apps/gateway'
import { utf8 } from '#crypto'
import { createOwnNodes } from '#nodes'
import type { RpcCall } from '#protocol'
import { nodeAt, NOW, startTestGateway, type TestGateway, testNodeKeys } from '../../apps/gateway/src/testing.suite.ts'
import { type InProcessCore, startInProcessCore, temporaryMailboxes } from '../support/core-harness.ts'
import { changeBytes, changeMembers, mutation, randomBytes } from './mailbox-fuzz/mutation.suite.ts'
import { NODES, SWARM, SWARM_IDS } from './mailbox-fuzz/people.suite.ts'
import { plant, type Planted } from './mailbox-fuzz/planted.suite.ts'
import { REFUSED_REQUESTS, VALID_REQUESTS } from './mailbox-fuzz/valid-requests.suite.ts'
import { type Alter, busWay, onionWay, plainWay, type Way, type WayAnswer } from './mailbox-fuzz/ways.suite.ts'

const REQUESTS = 10_000
const IN_FLIGHT = 32
const RUNS = { numRuns: Math.ceil(REQUESTS / IN_FLIGHT) }
/** A request without an answer by then counts as hanging; clients may be held for 20 seconds. */
const ANSWER_MS = 30_000
const DEADLINE_MS = 240_000

const unaltered: Alter = (bytes) => bytes
const textOf = (call: RpcCall): Uint8Array => utf8(JSON.stringify(call))
const BASES = [...VALID_REQUESTS, ...REFUSED_REQUESTS]

describe('requests that are no requests', () => {
  let core: InProcessCore
  let gateway: TestGateway
  let pool: Pool
  let planted: Planted
  let before: unknown
  let ways: Record<'bus' | 'plain' | 'onion', Way>
  let closeMailboxes: () => Promise<void>

  beforeAll(async () => {
    const clock = { now: () => NOW }
    const nodeKeys = testNodeKeys(NODES)
    const nodes = createOwnNodes(nodeKeys, SWARM_IDS, { publicIp: '127.0.0.1', portBase: 22_100 })
    const temporary = await temporaryMailboxes()
    const { mailboxes } = temporary
    closeMailboxes = () => temporary.remove()
    core = await startInProcessCore({
      nodes: nodes.map(({ record }) => record),
      seeds: nodeKeys.map(({ ed25519Seed }) => ed25519Seed),
      clock,
      mailboxes,
    })
    gateway = await startTestGateway({
      nodeKeys,
      clock,
      storageRpc: storageRpcOverBus(core.bus, ANSWER_MS),
      config: { rpcLimits: { perSecond: 0, burst: 1, tracked: 1 } },
    })
    const index = nodes.findIndex(({ record }) => record.swarmId === SWARM)
    const node = nodeAt(gateway, index)
    pool = new Pool(gateway.tls(index), { connections: IN_FLIGHT, connect: { rejectUnauthorized: false } })
    ways = { bus: busWay(core.bus, node), plain: plainWay(pool), onion: onionWay(pool, node) }
    planted = await plant((text) => ways.bus.send(text, unaltered))
    before = await planted.look()
  })

  afterAll(async () => {
    await pool.close()
    await gateway.stop()
    await core.close()
    await closeMailboxes()
  })

  /** Sends as many at a time as there are connections, and looks at every answer. */
  async function flood<Case>(
    way: Way,
    cases: fc.Arbitrary<Case>,
    requestOf: (one: Case) => [Uint8Array, Alter],
  ): Promise<number> {
    let count = 0
    const check = async (one: Case): Promise<void> => {
      const [text, alter] = requestOf(one)
      const sent: Uint8Array[] = [text]
      const answer = await inTime(
        way.send(text, (bytes, level) => {
          const altered = alter(bytes, level)
          sent.push(altered)
          return altered
        }),
      )
      expectHarmless(answer, sent)
      count++
    }
    const together = fc.array(cases, { minLength: IN_FLIGHT, maxLength: IN_FLIGHT })
    await fc.assert(
      fc.asyncProperty(together, async (all) => {
        await Promise.all(all.map(check))
      }),
      RUNS,
    )
    return count
  }

  function expectHarmless({ statuses, text }: WayAnswer, sent: readonly Uint8Array[]): void {
    const isFailure = statuses.some((status) => !(status >= 200 && status < 500))
    // The control of a layer may name a node that nobody knows.
    if (isFailure && !text.startsWith('Next node not found: ')) {
      throw new Error(`an answer has the statuses ${statuses.join()}: ${text.slice(0, 200)}`)
    }
    const shown = planted.secrets.find((secret) => text.includes(secret))
    if (shown !== undefined && !sent.some((bytes) => Buffer.from(bytes).includes(shown))) {
      throw new Error(`an answer shows what lies in a mailbox: ${text.slice(0, 200)}`)
    }
  }

  const WAYS = ['bus', 'plain', 'onion'] as const

  it('would be answered with 200 as long as they are valid, and refused where nobody may ask', async () => {
    for (const way of Object.values(ways)) {
      for (const request of VALID_REQUESTS) {
        const { statuses, text } = await way.send(textOf(request), unaltered)
        // No name resolver is there.
        const expected = request.params['endpoint'] === 'ons_resolve' ? [200, 400] : [200]
        expect([text, statuses.filter((status) => !expected.includes(status))]).toEqual([text, []])
      }
      for (const request of REFUSED_REQUESTS) {
        expect((await way.send(textOf(request), unaltered)).statuses.at(-1)).toBe(401)
      }
    }
    expect(await planted.look()).toEqual(before)
  })

  it.each(WAYS)(
    'do no harm as random bytes, by way of %s',
    async (name) => {
      const way = ways[name]
      const cases = fc.record({ bytes: randomBytes, level: fc.nat({ max: way.levels - 1 }) })
      const count = await flood(way, cases, ({ bytes, level }) => [
        bytes,
        (given, at) => (at === level ? bytes : given),
      ])
      expect(count).toBeGreaterThanOrEqual(REQUESTS)
      expect(await planted.look()).toEqual(before)
    },
    DEADLINE_MS,
  )

  it.each(WAYS)(
    'do no harm as mutated valid requests, by way of %s',
    async (name) => {
      const way = ways[name]
      const count = await flood(way, mutation, ({ request, level, members, bytes }) => {
        const call = BASES[request % BASES.length] as RpcCall
        return [
          changeMembers(call, members),
          (given, at) => (at === level % way.levels ? changeBytes(given, bytes) : given),
        ]
      })
      expect(count).toBeGreaterThanOrEqual(REQUESTS)
      expect(await planted.look()).toEqual(before)
    },
    DEADLINE_MS,
  )
})

/** Rejects when the answer does not come. */
async function inTime(answer: Promise<WayAnswer>): Promise<WayAnswer> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('a request was not answered')), ANSWER_MS)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
