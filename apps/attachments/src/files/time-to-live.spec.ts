import { describe, expect, it } from '@jest/globals'
import { FileTtlError } from './errors.ts'
import { timeToLive } from './time-to-live.ts'
import { VECTOR_RULES } from '../testing/service.suite.ts'

describe('timeToLive', () => {
  it.each(['0', '1', '2591999', '2592000'])('takes %s of at most 2592000 seconds', (header) => {
    expect(timeToLive(header, VECTOR_RULES)).toBe(Number(header) * 1000)
  })

  it.each(['2592001', '-1', 'soon', '', '1.5', '1e3', ' ', '0x10', '9'.repeat(40)])('refuses "%s"', (header) => {
    expect(() => timeToLive(header, VECTOR_RULES)).toThrow(FileTtlError)
  })

  it('is the default without a header', () => {
    expect(timeToLive(undefined, VECTOR_RULES)).toBe(1_209_600_000)
  })

  it('does not look at the header when the operator set no maximum', () => {
    expect(timeToLive('soon', { ...VECTOR_RULES, maxTtlSeconds: undefined })).toBe(1_209_600_000)
  })
})
