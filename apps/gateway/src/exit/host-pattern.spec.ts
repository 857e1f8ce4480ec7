import { describe, expect, it } from '@jest/globals'
import { findHost, formatHostPattern, parseHostPattern } from './host-pattern.ts'

describe('parseHostPattern', () => {
  it.each([
    ['Files.Example.org', { host: 'files.example.org', port: undefined }],
    [' 10.0.0.1:8080 ', { host: '10.0.0.1', port: 8080 }],
    ['[::1]:80', { host: '[::1]', port: 80 }],
    ['not_set_yet', { host: 'not_set_yet', port: undefined }],
  ])('reads %s', (text, pattern) => {
    expect(parseHostPattern(text)).toEqual(pattern)
    expect(parseHostPattern(formatHostPattern(pattern))).toEqual(pattern)
  })

  it.each(['', 'a b', 'http://a', 'a:0', 'a:65536', 'a:b', 'a/b', '*.a', '-a', '::1', 'a@b'])('refuses %j', (text) => {
    expect(parseHostPattern(text)).toBeUndefined()
  })
})

describe('findHost', () => {
  const named = [{ host: 'a.org', port: undefined }]
  const withPort = [{ host: 'a.org', port: 8080 }]

  it('takes the default ports only when none is named', () => {
    expect(findHost(named, 'a.org', 443, 'https')).toBe(true)
    expect(findHost(named, 'a.org', 443, 'http')).toBe(true)
    expect(findHost(named, 'a.org', 80, 'http')).toBe(true)
    expect(findHost(named, 'a.org', 80, 'https')).toBe(false)
    expect(findHost(named, 'a.org', 8080, 'http')).toBe(false)
  })

  it('takes exactly the port that is named', () => {
    expect(findHost(withPort, 'a.org', 8080, 'http')).toBe(true)
    expect(findHost(withPort, 'a.org', 443, 'https')).toBe(false)
  })

  it('knows nothing of subdomains', () => {
    expect(findHost(named, 'b.a.org', 443, 'https')).toBe(false)
  })
})
