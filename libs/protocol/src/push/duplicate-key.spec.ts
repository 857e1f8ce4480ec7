import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { implementations } from '../mailbox/vectors.suite.ts'
import { duplicateKey } from './index.ts'
import { vectors } from './vectors.suite.ts'

it('has all vectors before it', () => {
  expect(vectors.dedupe).toHaveLength(4)
})

describe.each(implementations)('duplicateKey with %s crypto', (_name, crypto) => {
  it.each(vectors.dedupe)('is that of $service and $hash', ({ service, svcid, hash, key }) => {
    expect(toHex(duplicateKey(crypto, service, svcid, hash))).toBe(key)
  })
})
