import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type ModelRow, ModelNotifications } from './model-notifications.suite.ts'
import { NOTIFICATION_ENDS, type Notifications, type TakenNotification } from './notifications.ts'
import { booksOf, deviceOf, labelOf, notification, type StartNotifications } from './suite/samples.suite.ts'

interface Real {
  readonly store: Notifications
  /** What was taken and may still be ended or postponed, as the store and as the model have it. */
  readonly held: { readonly taken: TakenNotification; readonly row: ModelRow }[]
}

interface Pair extends Real {
  readonly model: ModelNotifications
}

type Step = fc.AsyncCommand<ModelNotifications, Real>

/** Steps of the model's clock. Redis has lifetimes of its own, which are not to end while a walk goes on. */
const MINUTE = 60_000
const WINDOW = 20 * MINUTE
const SERVICES = ['firebase', 'apns']
/** Few enough that steps meet; the first two are in one partition. */
const DEVICES = [1, 17, 2, 3].map(deviceOf)
const LABELS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

const services = fc.constantFrom(...SERVICES)
const devices = fc.constantFrom(...DEVICES)
const limits = fc.integer({ min: 1, max: 5 })
const ages = minutes(0, 15)
/** Chooses among what is held; a number beyond it stands for none. */
const choices = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 })

function minutes(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max }).map((count) => count * MINUTE)
}

/** A step that any state allows, done to both and compared; then what they say of themselves is. */
function step(label: string, run: (pair: Pair) => Promise<void>): Step {
  return {
    check: () => true,
    run: async (model, real) => {
      await run({ model, ...real })
      for (const service of SERVICES) {
        expect(await real.store.nextDue(service)).toBe(model.nextDue(service))
        expect(await booksOf(real.store, service)).toEqual(model.books(service))
      }
    },
    toString: () => label,
  }
}

/** The service is part of what a device and a duplicate key are made of. */
const acceptances = fc
  .tuple(services, devices, fc.array(fc.constantFrom(...LABELS), { minLength: 1, maxLength: 4 }))
  .map(([service, device, labels]) =>
    step(`accept(${service}, ${device[0]}, ${labels.join('')})`, async ({ model, store }) => {
      const sent = labels.map((label) => notification(`${service} ${device[0]} ${label}`, { service, device }))
      expect(await store.accept(sent, model.now)).toBe(model.accept(sent))
    }),
  )

const takings = fc.tuple(services, limits, minutes(1, 12)).map(([service, limit, leaseMs]) =>
  step(`take(${service}, ${limit}, ${leaseMs})`, async ({ model, store, held }) => {
    const taken = await store.take(service, { limit, now: model.now, leaseMs })
    const rows = model.take(service, limit, leaseMs)
    const plain = taken.map((one) => [labelOf(one), one.attempts, one.acceptedAt])
    expect(plain).toEqual(rows.map(({ label, attempts, acceptedAt }) => [label, attempts, acceptedAt]))
    for (const [index, one] of taken.entries()) {
      const row = rows[index]
      if (row !== undefined) held.unshift({ taken: one, row })
    }
  }),
)

const endings = fc.tuple(choices, fc.constantFrom(...NOTIFICATION_ENDS)).map(([chosen, end]) =>
  step(`end(${chosen.join()}, ${end})`, async ({ model, store, held }) => {
    const some = chosen.flatMap((index) => held[index] ?? [])
    const ended = await store.end(
      some.map(({ taken }) => taken),
      end,
    )
    expect(ended).toBe(
      model.end(
        some.map(({ row }) => row),
        end,
      ),
    )
  }),
)

const postponements = fc.tuple(fc.nat(5), minutes(-5, 12), fc.nat(4)).map(([chosen, delay, attempts]) =>
  step(`postpone(${chosen}, ${delay}, ${attempts})`, async ({ model, store, held }) => {
    const one = held[chosen]
    if (one === undefined) return
    const dueAt = model.now + delay
    await store.postpone(one.taken, { dueAt, attempts })
    model.postpone(one.row, dueAt, attempts)
  }),
)

const deviceEndings = fc.tuple(services, devices, ages).map(([service, device, age]) =>
  step(`endDevice(${service}, ${device[0]}, ${age})`, async ({ model, store }) => {
    const until = model.now - age
    const hex = Buffer.from(device).toString('hex')
    expect(await store.endDevice(service, device, until)).toBe(model.endDevice(service, hex, until))
  }),
)

const oldEndings = fc.tuple(services, ages, limits).map(([service, age, limit]) =>
  step(`endOlder(${service}, ${age}, ${limit})`, async ({ model, store }) => {
    const until = model.now - age
    expect(await store.endOlder(service, until, limit)).toBe(model.endOlder(service, until, limit))
  }),
)

const forgettings = fc.constant(
  step('forgetDuplicates', async ({ model, store }) => {
    await store.forgetDuplicates(model.now)
  }),
)

const passings = minutes(1, 15).map((time) =>
  step(`pass(${time})`, async ({ model }) => {
    model.now += time
  }),
)

/** Random walks through a store, compared with the model at every step. */
export function behaveLikeTheModel(start: StartNotifications, numRuns = 50): void {
  it('does what the model does, whatever is asked in whatever order', async () => {
    const steps = fc.commands(
      [
        ...[acceptances, acceptances, acceptances, takings, takings, takings, passings],
        ...[endings, postponements, deviceEndings, oldEndings, forgettings],
      ],
      { maxCommands: 60, size: 'large' },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        const store = await start({ duplicateWindowMs: WINDOW })
        const model = new ModelNotifications(WINDOW)
        model.now = 1_000_000 * MINUTE
        try {
          await fc.asyncModelRun(() => ({ model, real: { store, held: [] } }), commands)
        } finally {
          await store.close()
        }
      }),
      { numRuns },
    )
  })
}
