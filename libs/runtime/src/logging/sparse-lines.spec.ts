import { describe, expect, it } from '@jest/globals'
import { sparseLines } from './sparse-lines.ts'

describe('sparseLines', () => {
  it('lets one line a second through for each kind', () => {
    let now = 5_000
    const mayWrite = sparseLines({ now: () => now })
    expect([mayWrite('store'), mayWrite('store'), mayWrite('names')]).toEqual([true, false, true])
    now += 999
    expect(mayWrite('store')).toBe(false)
    now += 1
    expect([mayWrite('store'), mayWrite('store')]).toEqual([true, false])
  })
})
