import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodePushRequests, MAX_PUSH_REQUEST_LENGTH } from '#protocol'
import { inBatches, MAX_BATCH } from './push-batches.ts'

describe('inBatches', () => {
  it('keeps order and every item, within 100 requests and 100,000 bytes', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 300 })
    fc.assert(
      fc.property(sizes, (lengths) => {
        const build = (length: number): { text: string } => ({ text: 'x'.repeat(length) })
        const batches = inBatches(lengths, build)
        expect(batches.flat()).toEqual(lengths)
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(MAX_BATCH)
          expect(encodePushRequests(batch.map(build)).length).toBeLessThanOrEqual(MAX_PUSH_REQUEST_LENGTH)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('makes no more batches than needed for equal requests', () => {
    expect(inBatches(Array.from({ length: 201 }), () => ({})).map((batch) => batch.length)).toEqual([100, 100, 1])
  })
})
