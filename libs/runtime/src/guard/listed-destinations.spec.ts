import { describe, expect, it } from '@jest/globals'
import { destinationKey, listedDestinations } from './listed-destinations.ts'

function lists(entry: string, host: string, port: number): boolean {
  return listedDestinations([entry]).has(destinationKey(host, port))
}

describe('listedDestinations', () => {
  it('takes an entry without port for 80 and 443', () => {
    expect([79, 80, 81, 443, 444].filter((port) => lists('a.example', 'a.example', port))).toEqual([80, 443])
    expect([80, 443].filter((port) => lists('::1', '::1', port))).toEqual([80, 443])
  })

  it('takes an entry with a port for that port alone', () => {
    expect([80, 443, 8079, 8080, 8081].filter((port) => lists('a.example:8080', 'a.example', port))).toEqual([8080])
    expect([80, 443, 8080].filter((port) => lists('[::1]:8080', '::1', port))).toEqual([8080])
  })

  it.each([
    ['A.Example', 'a.example'],
    ['a.example', 'A.EXAMPLE'],
    ['a.example', 'a.example.'],
    ['a.example.', 'a.example'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '[::1]'],
    ['127.0.0.1', '127.1'],
  ])('takes %s and %s for one host', (entry, host) => {
    expect(lists(entry, host, 443)).toBe(true)
  })

  it.each(['b.example', 'b.a.example', 'a.example.org', 'xa.example', ''])('does not take a.example for %j', (host) => {
    expect(lists('a.example', host, 443)).toBe(false)
  })
})
