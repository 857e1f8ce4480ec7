import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { HashesByNamespace, Mailboxes, MailboxQuota, OutboxEvent, PlanExpiries } from './mailboxes.ts'
import { ModelMailboxes } from './model-mailboxes.suite.ts'
import { ALICE, BOB, hashOf, message, type StartMailboxes, UNLIMITED } from './suite/samples.suite.ts'

interface Pair {
  readonly model: ModelMailboxes
  readonly real: Mailboxes
}

type Step = fc.AsyncCommand<ModelMailboxes, Mailboxes>

const EVER = Number.MAX_SAFE_INTEGER
const QUOTA: MailboxQuota = { messages: 5, bytes: 60 }
const ACCOUNTS = [ALICE, BOB]
const NAMESPACES = [-11, 0, 3]
/** Few enough that steps meet. */
const HASHES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(hashOf)

const accounts = fc.constantFrom(...ACCOUNTS)
const namespaces = fc.constantFrom(...NAMESPACES)
const namespacesOrAll = fc.constantFrom(...NAMESPACES, 'all' as const)
const hashes = fc.constantFrom(...HASHES)
const hashLists = fc.array(hashes, { maxLength: 4 })
const lifetimes = fc.integer({ min: -2, max: 12 })
const tokens = fc.array(fc.constantFrom('t', 'u', 'v', 'w'), { maxLength: 5 })

/** A step that any state allows, done to both and compared; then all they contain is. */
function step(label: string, run: (pair: Pair) => Promise<void>): Step {
  return {
    check: () => true,
    run: async (model, real) => {
      await run({ model, real })
      await expectSameContents({ model, real })
    },
    toString: () => label,
  }
}

async function expectSameContents({ model, real }: Pair): Promise<void> {
  for (const account of ACCOUNTS) {
    for (const namespace of NAMESPACES) {
      const query = { account, namespace, limits: UNLIMITED }
      expect(plain(await real.retrieve(query, model.now))).toEqual(plain(model.retrieve(query)))
    }
    expect(await real.times(account, HASHES, model.now)).toEqual(model.times(account, HASHES))
    expect(await real.usage(account)).toEqual(model.usage(account))
    expect((await real.revokedTokens(account)).map((token) => Buffer.from(token).toString())).toEqual(
      model.revokedTokens(account),
    )
  }
  expect(byPartition(await real.outbox(EVER, 1_000))).toEqual(byPartition(model.entries))
}

/** A list whose data can be compared, whatever kind of byte array they are. */
function plain(list: Awaited<ReturnType<Mailboxes['retrieve']>>): unknown {
  return { ...list, messages: list.messages.map(({ data, ...rest }) => ({ ...rest, data: [...data] })) }
}

/** Events without their names: in order within a partition, in any between partitions. */
function byPartition(entries: readonly OutboxEvent[]): string[] {
  return entries
    .map(({ partition, payload }) => ({ partition, text: Buffer.from(payload).toString() }))
    .sort((one, other) => one.partition - other.partition)
    .map(({ partition, text }) => `${partition} ${text}`)
}

function sorted(changed: HashesByNamespace): ReadonlyMap<number, readonly string[]> {
  return new Map([...changed].map(([namespace, some]) => [namespace, [...some].sort()]))
}

const stores = fc
  .record({
    account: accounts,
    namespace: namespaces,
    hash: hashes,
    timestamp: fc.integer({ min: 1, max: 9 }),
    length: fc.oneof({ weight: 5, arbitrary: fc.nat(25) }, { weight: 1, arbitrary: fc.nat(70) }),
    replacesNamespace: fc.boolean(),
    isProtected: fc.boolean(),
    lifetime: lifetimes,
  })
  .map(({ lifetime, hash, ...rest }) =>
    step(`store(${hash[0]}, +${lifetime}, ${JSON.stringify(rest)})`, async ({ model, real }) => {
      const sent = message(hash.slice(0, 1), {
        ...rest,
        expiry: model.now + lifetime,
        replacesNamespace: rest.replacesNamespace && rest.namespace === -11,
        isProtected: rest.isProtected && rest.namespace === 3,
      })
      const outcome = await real.store(sent, model.now)
      const expected = model.store(sent)
      if (expected.outcome !== 'stored') return expect(outcome).toEqual(expected)
      expect(outcome).toEqual({ ...expected, outboxId: expect.any(String) })
    }),
  )

const limits = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(Infinity)),
  size: fc.integer({ min: 0, max: 100 }),
  overhead: fc.integer({ min: 0, max: 20 }),
})

const retrievals = fc
  .record({ account: accounts, namespace: namespaces, limits, after: fc.option(hashes, { nil: undefined }) })
  .map(({ after, ...rest }) =>
    step(`retrieve(${after?.[0]}, ${JSON.stringify(rest)})`, async ({ model, real }) => {
      const query = { ...rest, ...(after === undefined ? {} : { after }) }
      expect(plain(await real.retrieve(query, model.now))).toEqual(plain(model.retrieve(query)))
    }),
  )

const deletions = fc.tuple(accounts, hashLists).map(([account, some]) =>
  step(`delete(${account}, ${some.map((hash) => hash[0]).join('')})`, async ({ model, real }) => {
    const deleted = await real.delete(account, some, model.now)
    expect([...deleted].sort()).toEqual(model.delete(account, some).sort())
  }),
)

const rangeDeletions = fc
  .record({ namespace: namespacesOrAll, until: fc.integer({ min: 0, max: 10 }) }, { requiredKeys: ['namespace'] })
  .chain((range) => accounts.map((account) => ({ range, account })))
  .map(({ range, account }) =>
    step(`deleteRange(${account}, ${JSON.stringify(range)})`, async ({ model, real }) => {
      const deleted = await real.deleteRange(account, range, model.now)
      expect(sorted(deleted)).toEqual(sorted(model.deleteRange(account, range)))
    }),
  )

const shortenings = fc.tuple(accounts, namespacesOrAll, lifetimes).map(([account, namespace, lifetime]) =>
  step(`shorten(${account}, ${namespace}, +${lifetime})`, async ({ model, real }) => {
    const expiry = model.now + lifetime
    const shortened = await real.shorten(account, namespace, expiry, model.now)
    expect(sorted(shortened)).toEqual(sorted(model.shorten(account, namespace, expiry)))
  }),
)

const expiryChanges = fc.tuple(accounts, hashLists, fc.integer({ min: -4, max: 9 })).map(([account, some, by]) =>
  step(`changeExpiries(${account}, ${some.map((hash) => hash[0]).join('')}, ${by})`, async ({ model, real }) => {
    const plan: PlanExpiries = (stored) =>
      new Map([...stored].filter(([, { timestamp }]) => timestamp > 2).map(([hash, { expiry }]) => [hash, expiry + by]))
    const given = await real.changeExpiries(account, some, plan, model.now)
    expect(given).toEqual(model.changeExpiries(account, some, plan))
  }),
)

const revocations = fc.tuple(accounts, tokens, fc.integer({ min: 1, max: 4 })).map(([account, some, keep]) =>
  step(`revoke(${account}, ${some.join('')}, ${keep})`, async ({ model, real }) => {
    await real.revoke(
      account,
      some.map((token) => Buffer.from(token)),
      keep,
    )
    model.revoke(account, some, keep)
  }),
)

const unrevocations = fc.tuple(accounts, tokens).map(([account, some]) =>
  step(`unrevoke(${account}, ${some.join('')})`, async ({ model, real }) => {
    const buffers = some.map((token) => Buffer.from(token))
    expect(await real.unrevoke(account, buffers)).toBe(model.unrevoke(account, some))
  }),
)

const sweeps = fc.constant(
  step('removeExpired', async ({ model, real }) => {
    expect(await real.removeExpired(model.now, 1_000)).toBe(model.removeExpired())
  }),
)

const publications = fc.integer({ min: 0, max: 4 }).map((age) =>
  step(`removeFromOutbox(${age})`, async ({ model, real }) => {
    const before = model.now - age
    const entries = await real.outbox(before, 1_000)
    expect(byPartition(entries)).toEqual(byPartition(model.entries.filter(({ writtenAt }) => writtenAt < before)))
    await real.removeFromOutbox(entries.map(({ id }) => id))
    model.entries = model.entries.filter(({ writtenAt }) => writtenAt >= before)
  }),
)

const passings = fc.integer({ min: 1, max: 6 }).map((time) =>
  step(`pass(${time})`, async ({ model }) => {
    model.now += time
  }),
)

/** Random walks through a store, compared with the model at every step. */
export function behaveLikeTheModel(start: StartMailboxes, numRuns = 60): void {
  it('does what the model does, whatever is asked in whatever order', async () => {
    const steps = fc.commands(
      [
        ...[stores, stores, stores, stores, passings, retrievals, deletions, rangeDeletions, shortenings],
        ...[expiryChanges, revocations, unrevocations, sweeps, publications],
      ],
      { maxCommands: 50, size: 'large' },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        const real = await start(QUOTA)
        const model = new ModelMailboxes(QUOTA)
        model.now = 1_000
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands)
        } finally {
          await real.close()
        }
      }),
      { numRuns },
    )
  })
}
