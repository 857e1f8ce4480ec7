import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { StoreCorruptError } from '../errors.ts'
import { packedContains, packNamespaces } from './namespace-set.ts'

const namespaces = fc.integer({ min: -32_768, max: 32_767 })
const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)

describe('packNamespaces', () => {
  it('contains what was packed and nothing else', () => {
    const sets = fc.uniqueArray(namespaces, { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(sets, fc.array(namespaces), (some, others) => {
        const packed = packNamespaces([...some].sort((one, other) => one - other))
        for (const one of [...some, ...others]) expect(packedContains(packed, one)).toBe(some.includes(one))
      }),
    )
  })

  it.each([
    ['one', [0], 2],
    ['the ends', [-32_768, 32_767], 4],
    ['the longest list', range(-4_095, 4_093, 2), 8_190],
    ['the shortest bitmap', range(-4_095, 4_095, 2), 8_192],
    ['all', range(-32_768, 32_767), 8_192],
  ])('packs %s', (_, some, bytes) => {
    const packed = packNamespaces(some)
    expect(packed).toHaveLength(bytes)
    const expected = new Set(some)
    const found = range(-32_768, 32_767).filter((namespace) => packedContains(packed, namespace))
    expect(found).toEqual([...expected])
  })

  it.each([[[]], [[1, 1]], [[2, 1]], [[-32_769]], [[32_768]], [[0.5]], [[NaN]]])('refuses %j', (some) => {
    expect(() => packNamespaces(some)).toThrow(RangeError)
  })
})

describe('packedContains', () => {
  it.each([0, 1, 3, 8_191, 8_194])('refuses a set of %i bytes', (length) => {
    expect(() => packedContains(new Uint8Array(length), 0)).toThrow(StoreCorruptError)
  })
})
