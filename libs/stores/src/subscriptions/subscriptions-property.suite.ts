import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ModelSubscriptions } from './model-subscriptions.suite.ts'
import type { MatchingSubscription, Subscriptions } from './subscriptions.ts'
import { digestOf, labelOf, type StartSubscriptions } from './suite/samples.suite.ts'

interface Pair {
  readonly model: ModelSubscriptions
  readonly real: Subscriptions
}

type Step = fc.AsyncCommand<ModelSubscriptions, Subscriptions>

const LIMITS = { lifetimeS: 10, devicesPerAccount: 3 }
/** Few enough that steps meet. */
const ACCOUNTS = ['alice', 'bob'].map(digestOf)
const DEVICES = ['a', 'b', 'c', 'd', 'e'].map(digestOf)
const NAMESPACES = [-32_768, -1, 0, 255, 256]

const accounts = fc.constantFrom(...ACCOUNTS)
const devices = fc.constantFrom(...DEVICES)
/** Seconds before or after the clock of the step. */
const ages = fc.integer({ min: -2, max: 12 })

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
      const matching = await real.matching(account, namespace, model.now)
      expect(plain(matching)).toEqual(plain(model.matching(account, namespace)))
    }
  }
  expect(await real.counts()).toEqual(model.counts())
}

/** Subscriptions in an order and a form that can be compared. */
function plain(matching: readonly MatchingSubscription[]): string[] {
  return matching
    .map(({ device, service, wantsData, sealed }) =>
      [labelOf(device), service, wantsData, Buffer.from(sealed).toString('hex')].join(' '),
    )
    .sort()
}

const puts = fc
  .record({
    account: accounts,
    device: devices,
    service: fc.constantFrom('apns', 'firebase'),
    namespaces: fc.subarray(NAMESPACES, { minLength: 1 }),
    wantsData: fc.boolean(),
    sealed: fc.uint8Array({ maxLength: 40 }),
    signedAgo: ages,
    registeredAgo: ages,
  })
  .map(({ signedAgo, registeredAgo, ...rest }) => {
    const label = `${labelOf(rest.account)}, ${labelOf(rest.device)}, ${rest.service}, -${signedAgo}, -${registeredAgo}`
    return step(`put(${label})`, async ({ model, real }) => {
      const signedAt = Math.floor(model.now / 1_000) - signedAgo
      const sent = { ...rest, signedAt, registeredAt: model.now - registeredAgo }
      expect(await real.put(sent, model.now)).toBe(model.put(sent))
    })
  })

const removals = fc.tuple(accounts, devices, ages).map(([account, device, ago]) =>
  step(`remove(${labelOf(account)}, ${labelOf(device)}, -${ago})`, async ({ model, real }) => {
    const signedAt = Math.floor(model.now / 1_000) - ago
    const removed = await real.remove(account, device, { signedAt, now: model.now })
    expect(removed).toBe(model.remove(account, device, signedAt))
  }),
)

const deviceRemovals = fc.tuple(devices, ages).map(([device, ago]) =>
  step(`removeDevice(${labelOf(device)}, -${ago})`, async ({ model, real }) => {
    const until = model.now - ago
    expect(await real.removeDevice(device, until)).toBe(model.removeDevice(device, until))
  }),
)

const sweeps = fc.constant(
  step('removeExpired', async ({ model, real }) => {
    expect(await real.removeExpired(model.now, 1_000)).toBe(model.removeExpired())
  }),
)

const passings = fc.integer({ min: 1, max: 4_000 }).map((time) =>
  step(`pass(${time})`, async ({ model }) => {
    model.now += time
  }),
)

/** Random walks through a store, compared with the model at every step. */
export function behaveLikeTheModel(start: StartSubscriptions, numRuns = 60): void {
  it('does what the model does, whatever is asked in whatever order', async () => {
    const steps = fc.commands([puts, puts, puts, puts, passings, removals, removals, deviceRemovals, sweeps], {
      maxCommands: 50,
      size: 'large',
    })
    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        const real = await start(LIMITS)
        const model = new ModelSubscriptions(LIMITS)
        model.now = 1_000_000
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
