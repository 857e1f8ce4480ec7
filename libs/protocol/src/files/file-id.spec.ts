import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CryptoArgumentError } from '#crypto'
import { isContentId, isExtendable, isNumericFileId, isWellFormedFileId, numericId } from './file-id.ts'
import { vectors } from './vectors.suite.ts'

describe('file ids', () => {
  it.each(vectors.id_checks)('judges $id as the vectors do', ({ id, extendable, well_formed }) => {
    expect(isExtendable(id)).toBe(extendable)
    expect(isWellFormedFileId(id)).toBe(well_formed)
  })

  it('knows content ids by form and length', () => {
    expect(isContentId('1Qa-OLsJc_uX_rzesfaVVqrgzdbc0sYTgeFlWHDhEMli')).toBe(true)
    expect(isContentId('1Qa-OLsJc_uX_rzesfaVVqrgzdbc0sYTgeFlWHDhEMl')).toBe(false)
    expect(isContentId('1Qa OLsJc_uX_rzesfaVVqrgzdbc0sYTgeFlWHDhEMli')).toBe(false)
  })

  it('makes numeric ids below 2^53 out of any 8 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (random) => {
        const id = numericId(random)
        expect(Number.isSafeInteger(Number(id))).toBe(true)
        expect(isNumericFileId(id)).toBe(true)
        expect(isWellFormedFileId(id)).toBe(true)
      }),
    )
    expect(numericId(new Uint8Array(8).fill(255))).toBe('9007199254740991')
    expect(numericId(new Uint8Array(8))).toBe('0')
  })

  it('refuses another number of random bytes', () => {
    expect(() => numericId(new Uint8Array(7))).toThrow(CryptoArgumentError)
  })

  it.each(['9007199254740992', '01', '-1', '1.5', ''])('takes %p for no numeric id', (id) => {
    expect(isNumericFileId(id)).toBe(false)
  })
})
