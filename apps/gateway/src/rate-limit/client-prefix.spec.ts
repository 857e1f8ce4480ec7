import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { clientPrefix } from './client-prefix.ts'

const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
const written = (parts: readonly number[]): string => parts.map((part) => part.toString(16)).join(':')
/** The shortest way of writing an address. */
const shortened = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1)

describe('clientPrefix', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['2001:db8::192.0.2.7', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('of %s is %s', (address, prefix) => {
    expect(clientPrefix(address)).toBe(prefix)
  })

  it('is the same for all addresses of a /64, however they are written, and another one beside it', () => {
    fc.assert(
      fc.property(groups, groups, (first, second) => {
        fc.pre(first.slice(0, 4).some((group) => group !== 0))
        const neighbour = [...first.slice(0, 4), ...second.slice(4)]
        const prefix = written(first.slice(0, 4))
        for (const address of [first, neighbour].map(written)) {
          expect(clientPrefix(address)).toBe(prefix)
          expect(clientPrefix(shortened(address))).toBe(prefix)
        }
        const beside = [...first.slice(0, 3), (first[3] ?? 0) ^ 1, ...first.slice(4)]
        expect(clientPrefix(written(beside))).not.toBe(prefix)
      }),
    )
  })
})
