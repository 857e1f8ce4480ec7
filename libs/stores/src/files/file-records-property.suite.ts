import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { FileRecords, NewFile } from '../index.ts'
import { listAllBlobs } from './list-all-blobs.suite.ts'
import { byKey, ModelFileRecords } from './model-file-records.suite.ts'

interface Pair {
  readonly model: ModelFileRecords
  readonly real: FileRecords
}

type Step = fc.AsyncCommand<ModelFileRecords, FileRecords>

/** A step that any state allows, done to both and compared. */
function step(label: string, run: (pair: Pair) => Promise<void>): Step {
  return { check: () => true, run: (model, real) => run({ model, real }), toString: () => label }
}

const ids = fc.constantFrom('1', '2', 'A'.repeat(44))
const times = fc.integer({ min: 0, max: 12 })
/** Few enough that steps meet, each bound to one id as in the store every blob is to one file. */
const blobKeys = fc.constantFrom('b0', 'b1')

const puts = fc
  .record({
    id: ids,
    at: times,
    lifetime: times,
    inline: fc.option(fc.uint8Array({ maxLength: 32 }), { nil: undefined, freq: 1 }),
    blob: blobKeys,
    ifExists: fc.constantFrom('renew' as const, 'refuse' as const),
  })
  .map(({ id, at, lifetime, inline, blob, ifExists }) => {
    const body: NewFile['body'] =
      inline === undefined ? { kind: 'blob', key: `${id}-${blob}` } : { kind: 'inline', bytes: inline }
    const file = { id, size: inline?.length ?? 9, uploadedAt: at, expiresAt: at + lifetime, format: 1, body }
    return step(`put(${id}, ${at}, +${lifetime}, ${body.kind}, ${ifExists})`, async ({ model, real }) => {
      expect(await real.put(file, { ifExists })).toEqual(model.put(file, { ifExists }))
    })
  })

const reads = fc.tuple(ids, times).map(([id, now]) =>
  step(`read(${id}, ${now})`, async ({ model, real }) => {
    const read = await real.read(id, now)
    const expected = model.read(id, now)
    expect(read?.record).toEqual(expected?.record)
    expect(read?.inline && [...read.inline]).toEqual(expected?.inline && [...expected.inline])
    expect(await real.get(id, now)).toEqual(model.get(id, now))
  }),
)

const extensions = fc.tuple(ids, times, times).map(([id, expiresAt, now]) =>
  step(`extend(${id}, ${expiresAt}, ${now})`, async ({ model, real }) => {
    expect(await real.extend(id, expiresAt, now)).toEqual(model.extend(id, expiresAt, now))
  }),
)

const sweeps = times.map((now) =>
  step(`removeExpired(${now})`, async ({ model, real }) => {
    const { removed, blobs } = await real.removeExpired(now, 100)
    expect({ removed, blobs: [...blobs].sort() }).toEqual(model.removeExpired(now))
  }),
)

const losses = fc.tuple(ids, blobKeys).map(([id, blob]) =>
  step(`removeLost(${id}, ${blob})`, async ({ model, real }) => {
    expect(await real.removeLost(id, `${id}-${blob}`)).toBe(model.removeLost(id, `${id}-${blob}`))
  }),
)

const listings = fc.integer({ min: 1, max: 3 }).map((page) =>
  step(`listBlobs(${page})`, async ({ model, real }) => {
    expect((await listAllBlobs(real, page)).sort(byKey)).toEqual(model.blobs())
    const known = model.blobs().map(({ key }) => key)
    expect(await real.findUnreferenced([...known, 'nobody'])).toEqual(['nobody'])
  }),
)

/** Random walks through a store, compared with the model at every step. */
export function behavesLikeTheModel(start: () => Promise<FileRecords>, numRuns = 40): void {
  it('does what the model does, whatever is asked in whatever order', async () => {
    const steps = fc.commands([puts, puts, reads, extensions, sweeps, losses, listings], { maxCommands: 40 })
    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        const real = await start()
        try {
          await fc.asyncModelRun(() => ({ model: new ModelFileRecords(), real }), commands)
        } finally {
          await real.close()
        }
      }),
      { numRuns },
    )
  })
}
