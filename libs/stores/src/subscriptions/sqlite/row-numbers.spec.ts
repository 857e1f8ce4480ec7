import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { freeNumber, numbersOf, ROWS_PER_ACCOUNT } from './row-numbers.ts'

const accounts = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('numbersOf', () => {
  it('gives accounts with other first 43 bits other numbers, and all that a double holds exactly', () => {
    const lowest = numbersOf(new Uint8Array(16))
    expect(lowest).toEqual({ first: 0, last: 1_023 })
    const highest = numbersOf(new Uint8Array(16).fill(255))
    expect(highest.last).toBe(Number.MAX_SAFE_INTEGER)
    const next = Uint8Array.of(0, 0, 0, 0, 0, 0x20, ...new Array<number>(10).fill(0))
    expect(numbersOf(next).first).toBe(1_024)
    const same = Uint8Array.of(0, 0, 0, 0, 0, 0x1f, ...new Array<number>(10).fill(255))
    expect(numbersOf(same)).toEqual(lowest)
  })

  it('gives ranges that never overlap in part, wherever the bytes lie', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        const { first, last } = numbersOf(account)
        expect(first % ROWS_PER_ACCOUNT).toBe(0)
        expect(last - first).toBe(ROWS_PER_ACCOUNT - 1)
        const shifted = new Uint8Array(19)
        shifted.set(account, 3)
        expect(numbersOf(shifted.subarray(3))).toEqual({ first, last })
      }),
    )
  })
})

describe('freeNumber', () => {
  const range = { first: 10, last: 13 }

  it.each([
    [[], 10],
    [[10], 11],
    [[11], 10],
    [[10, 12, 13], 11],
    [[10, 11, 12], 13],
    [[10, 11, 12, 13], undefined],
  ])('finds a place beside %j', (taken, free) => {
    expect(freeNumber(range, taken)).toBe(free)
  })
})
