import { describe, expect, it } from '@jest/globals'
import * as parse from './parsers.ts'
import type { TextParser } from './variables.ts'

function results(parser: TextParser, ...texts: readonly string[]): readonly unknown[] {
  return texts.map((text) => {
    const result = parser.safeParse(text)
    return result.success ? result.data : 'refused'
  })
}

describe('the parsers of settings', () => {
  it('takes whole numbers up to both bounds and none beyond', () => {
    expect(results(parse.wholeNumber(2, 5), '1', '2', '5', '6')).toEqual(['refused', 2, 5, 'refused'])
    expect(results(parse.wholeNumber(-3, 0), '-4', '-3', '0', '1')).toEqual(['refused', -3, 0, 'refused'])
    expect(results(parse.wholeNumber(0, 9), '1.5', '1e0', '0x1', '+1', '', 'one')).toEqual(Array(6).fill('refused'))
    expect(parse.wholeNumber(2, 5).safeParse('6').error?.issues[0]?.message).toBe('a whole number from 2 to 5')
  })

  it('takes ports from 0 to 65535', () => {
    expect(results(parse.port(), '-1', '0', '1', '65534', '65535', '65536')).toEqual([
      'refused',
      0,
      1,
      65534,
      65535,
      'refused',
    ])
  })

  it('counts bytes in decimal and binary units', () => {
    expect(results(parse.byteSize(), '0', '7', '7 b', '10kb', '10MB', '1gb')).toEqual([0, 7, 7, 1e4, 1e7, 1e9])
    expect(results(parse.byteSize(), '1kib', '10MiB', '1gib')).toEqual([1024, 10_485_760, 1_073_741_824])
    expect(results(parse.byteSize(), '-1', '1.5mb', '10 tb', 'mb', '')).toEqual(Array(5).fill('refused'))
  })

  it('refuses more bytes or milliseconds than can be counted exactly', () => {
    const most = Number.MAX_SAFE_INTEGER
    expect(results(parse.byteSize(), `${most - 1}`, `${most}`, `${most}0`)).toEqual([most - 1, most, 'refused'])
    expect(results(parse.byteSize(), '9'.repeat(400))).toEqual(['refused'])
    expect(results(parse.duration(), `${most}ms`, `${most}s`, `${'9'.repeat(400)}d`)).toEqual([
      most,
      'refused',
      'refused',
    ])
  })

  it('reads durations as milliseconds and wants a unit', () => {
    expect(results(parse.duration(), '0s', '250ms', '15s', '10m', '2H', '14 d')).toEqual([
      0, 250, 15_000, 600_000, 7_200_000, 1_209_600_000,
    ])
    expect(results(parse.duration(), '15', '-1s', '1.5s', '1w', '')).toEqual(Array(5).fill('refused'))
  })

  it('reads flags in their usual spellings', () => {
    expect(results(parse.flag(), 'true', '1', 'YES', 'on')).toEqual([true, true, true, true])
    expect(results(parse.flag(), 'false', '0', 'No', 'off')).toEqual([false, false, false, false])
    expect(results(parse.flag(), '2', 'truee', '')).toEqual(Array(3).fill('refused'))
  })

  it('takes one of the given words as it is written', () => {
    expect(results(parse.oneOf('content', 'numeric'), 'content', ' numeric ', 'Content', '')).toEqual([
      'content',
      'numeric',
      'refused',
      'refused',
    ])
  })

  it('takes a text that is not blank, without the blanks around it', () => {
    expect(results(parse.text(), ' a b ', '   ', '')).toEqual(['a b', 'refused', 'refused'])
  })

  it('takes absolute URLs of the named protocols and cuts slashes at the end', () => {
    expect(results(parse.url(), 'http://a.example/', 'HTTPS://a.example/x//')).toEqual([
      'http://a.example',
      'HTTPS://a.example/x',
    ])
    expect(results(parse.url(), 'ftp://a.example', 'a.example', '/x', 'http:a.example', 'http://', '')).toEqual(
      Array(6).fill('refused'),
    )
    expect(results(parse.url('redis', 'rediss'), 'redis://h:6379', 'rediss://h', 'redis://', 'http://h')).toEqual([
      'redis://h:6379',
      'rediss://h',
      'refused',
      'refused',
    ])
  })

  it('splits lists at commas', () => {
    expect(results(parse.list(), 'a', ' a , b,,c ', ',')).toEqual([['a'], ['a', 'b', 'c'], []])
  })

  it('reads pairs, each name once', () => {
    expect(results(parse.pairs(), ' a=1 , b = 2,', ',')).toEqual([
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
      new Map(),
    ])
    expect(results(parse.pairs(), 'a', '=1', 'a=', 'a=1=2', 'a=1,a=2')).toEqual(Array(5).fill('refused'))
  })

  it('takes exactly the wanted number of hex digits', () => {
    const digits = (count: number): string => 'aB'.repeat(40).slice(0, count)
    expect(results(parse.hexBytes(32), digits(63), digits(65), digits(66), 'g'.repeat(64))).toEqual(
      Array(4).fill('refused'),
    )
    expect(results(parse.hexBytes(2), 'aB01')).toEqual([Uint8Array.of(0xab, 0x01)])
    expect(results(parse.hexBytes(32), digits(64))).toEqual([new Uint8Array(32).fill(0xab)])
  })

  it('takes addresses of both families and no names', () => {
    expect(results(parse.ipAddress(), '127.0.0.1', '::1', '2001:db8::1')).toEqual(['127.0.0.1', '::1', '2001:db8::1'])
    expect(results(parse.ipAddress(), 'localhost', '256.0.0.1', '1.2.3', '[::1]', '')).toEqual(Array(5).fill('refused'))
  })
})
