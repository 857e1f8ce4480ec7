import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromHex, utf8 } from '#crypto'
import { type BencodeInput, encodeBencode } from '../bencode/index.ts'
import {
  encodeMailboxRequest,
  fromBase64,
  MAX_IFELSE_DEPTH,
  type MailboxRequest,
  parseMailboxRequest,
  parseMethodRequest,
  RpcError,
  toBase64,
} from './index.ts'
import { parseJson } from './params/parse-json.ts'
import { requestText, vectors } from './vectors.suite.ts'

const pubkey = vectors.accounts.group.account_id
const user = vectors.accounts.user.account_id
const signature = toBase64(new Uint8Array(64))
const hash = 'A'.repeat(43)
const timestamp = 1_700_000_000_000
const data = 'eA=='

function outcome(run: () => MailboxRequest): MailboxRequest | string {
  try {
    return run()
  } catch (error) {
    if (error instanceof RpcError && error.status === 400 && typeof error.body === 'string') return error.body
    throw error
  }
}

const parseText = (text: string): MailboxRequest | string => outcome(() => parseMailboxRequest(utf8(text)))
const parse = (method: string, params: unknown): MailboxRequest | string =>
  parseText(JSON.stringify({ method, params }))

type Case = readonly [reason: string, method: string, params: unknown]

const expected = (name: string, type: string): string => `Invalid value given for '${name}': expected ${type}`
const TIME = 'integer timestamp (in milliseconds)'
const store = { pubkey, timestamp, ttl: 20_000, data }
const signed = { pubkey, signature, timestamp }
const info = { method: 'info', params: {} }

const REFUSED: readonly Case[] = [
  ["Required field 'pubkey' missing", 'store', { ...store, pubkey: null }],
  ["Cannot specify both 'pubkey' and 'pubKey'", 'store', { ...store, pubKey: pubkey }],
  [expected('pubkey', 'string'), 'retrieve', { pubkey: 5 }],
  ['Pubkey must be 66 hex digits (33 bytes) long', 'retrieve', { pubkey: `${pubkey}0` }],
  ['Pubkey must be 66 hex digits (33 bytes) long', 'retrieve', { pubkey: pubkey.replace(/.$/, 'g') }],
  ['Pubkey must be 66 hex digits/33 bytes long', 'get_swarm', { pubkey: pubkey.slice(2) }],
  ["Required field 'pubkey' missing", 'delete', { pubKey: pubkey, signature, messages: [hash] }],
  [expected('timestamp', TIME), 'store', { ...store, timestamp: -1 }],
  [expected('timestamp', TIME), 'store', { ...store, timestamp: '1700000000000.0' }],
  [expected('timestamp', TIME), 'retrieve', { ...signed, timestamp: '1700000000000' }],
  [
    "Invalid timestamp for 'timestamp': timestamp must be in milliseconds",
    'retrieve',
    { ...signed, timestamp: 999_999_999 },
  ],
  ["Invalid timestamp for 'before': timestamp must be in milliseconds", 'delete_before', { ...signed, before: 0 }],
  ["Invalid timestamp for 'expiry': timestamp must be in milliseconds", 'expire_all', { ...signed, expiry: 0 }],
  [expected('ttl', 'positive integer'), 'store', { ...store, ttl: -20_000 }],
  [expected('ttl', 'positive integer'), 'store', { ...store, ttl: 'soon' }],
  [expected('namespace', '16-bit integer'), 'retrieve', { ...signed, namespace: 'all' }],
  [expected('namespace', 'integer or "all"'), 'delete_all', { ...signed, namespace: 'ALL' }],
  [expected('namespace', 'integer or "all"'), 'delete_all', { ...signed, namespace: true }],
  ["Invalid value given for 'namespace': value out of range", 'delete_all', { ...signed, namespace: -32_769 }],
  ["Required field 'data' missing", 'store', { ...store, data: null }],
  ["Required field 'signature' missing", 'retrieve', { pubkey, namespace: 0 }],
  ["Required field 'signature' missing", 'retrieve', { pubkey: user, namespace: -10, pubkey_ed25519: user.slice(2) }],
  ["Required field 'timestamp' missing", 'retrieve', { pubkey, signature }],
  [expected('max_count', 'integer'), 'retrieve', { ...signed, max_count: '5' }],
  [expected('max_size', 'integer'), 'retrieve', { ...signed, max_size: 1.5 }],
  [expected('last_hash', 'string'), 'retrieve', { ...signed, last_hash: 7 }],
  ['Invalid last_hash: not base64', 'retrieve', { ...signed, last_hash: '*'.repeat(43) }],
  [expected('wait', 'positive integer'), 'retrieve', { ...signed, wait: -1 }],
  [
    'invalid signature: expected base64 encoded Ed25519 signature',
    'delete',
    { ...signed, signature: signature.slice(1), messages: hash },
  ],
  [
    'invalid signature: expected base64 encoded Ed25519 signature',
    'delete',
    { ...signed, signature: '*'.repeat(88), messages: hash },
  ],
  [expected('signature', 'string'), 'delete', { ...signed, signature: 1, messages: hash }],
  [
    'invalid pubkey_ed25519: expected 64 hex digits (32 bytes)',
    'retrieve',
    { ...signed, pubkey: user, pubkey_ed25519: 'ab' },
  ],
  [
    'invalid subaccount: expected base64 or hex-encoded subaccount token',
    'retrieve',
    { ...signed, subaccount: 'ab', subaccount_sig: signature },
  ],
  [
    'invalid subaccount signature: expected base64 encoded Ed25519 signature',
    'retrieve',
    { ...signed, subaccount: 'A'.repeat(48), subaccount_sig: 'ab' },
  ],
  ["Required field 'messages' missing", 'delete', signed],
  [expected('messages', 'string array'), 'delete', { ...signed, messages: [1] }],
  ['invalid message hash: all', 'get_expiries', { ...signed, messages: 'all' }],
  [expected('required', 'boolean'), 'delete', { ...signed, messages: hash, required: 1 }],
  [
    "cannot specify both 'shorten' and 'extend'",
    'expire',
    { ...signed, messages: hash, expiry: 1, shorten: true, extend: true },
  ],
  [
    "'expiry' must be a single expiry, or the same length as 'messages'",
    'expire',
    { ...signed, messages: [hash, hash, hash], expiry: [1, 2] },
  ],
  [
    "'expiry' must be a single expiry, or the same length as 'messages'",
    'expire',
    { ...signed, messages: [hash], expiry: [] },
  ],
  [expected('expiry', 'timestamp array'), 'expire', { ...signed, messages: hash, expiry: ['1'] }],
  ["Required field 'expiry' missing", 'expire', { ...signed, messages: hash }],
  ["Required field 'revoke' missing", 'revoke_subaccount', signed],
  ['invalid revoke: expected base64 or hex-encoded subaccount tag', 'revoke_subaccount', { ...signed, revoke: ['ab'] }],
  [
    'invalid unrevoke: expected base64 or hex-encoded subaccount tag',
    'unrevoke_subaccount',
    { ...signed, unrevoke: `${'A'.repeat(47)}=` },
  ],
  [
    'invalid unrevoke: cannot unrevoke more than 50 subaccounts at once',
    'unrevoke_subaccount',
    { ...signed, unrevoke: Array(51).fill('A'.repeat(48)) },
  ],
  ["Required field 'endpoint' missing", 'oxend_request', {}],
  ["Invalid value given for 'params': expected object", 'oxend_request', { endpoint: 'ons_resolve', params: [] }],
  [
    "Invalid value given for 'params': nested too deeply",
    'oxend_request',
    { endpoint: 'ons_resolve', params: { a: nested(20) } },
  ],
  ['Invalid batch request: no valid "requests" field', 'sequence', { requests: {} }],
  ['Invalid batch request: requests must be objects', 'sequence', { requests: [info, 'info'] }],
  [
    'Invalid batch request: subrequests must have method/params keys',
    'batch',
    { requests: [{ method: 5, params: {} }] },
  ],
  [
    'Invalid batch subrequest: subrequests may not contain meta-requests',
    'batch',
    { requests: [{ method: 'ifelse', params: {} }] },
  ],
  ['Invalid ifelse request: no valid "if" field', 'ifelse', { if: [] }],
  ['Invalid ifelse request: then must be an object', 'ifelse', { if: { height_before: 1 }, then: [] }],
  [
    'Invalid ifelse request: else must have method/params keys',
    'ifelse',
    { if: { height_before: 1 }, else: { method: 'info' } },
  ],
  [
    'Invalid ifelse request method "then"',
    'ifelse',
    { if: { height_before: 1 }, then: { method: 'nope', params: {} } },
  ],
  [
    "Required field 'pubkey' missing",
    'ifelse',
    { if: { height_before: 1 }, then: { method: 'get_swarm', params: {} } },
  ],
  [expected('hf_before', 'integer array'), 'ifelse', { if: { hf_before: ['19'] }, then: info }],
]

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)]
}

describe('parseMailboxRequest', () => {
  it.each(REFUSED)('refuses with "%s": %s', (reason, method, params) => {
    expect(parse(method, params)).toBe(`invalid request: ${reason}`)
  })

  it.each([
    ['invalid json', '[]'],
    ['invalid json', '"text"'],
    ['invalid json', ''],
    ['invalid json: no `method` field', '{"method":5,"params":{}}'],
    ['invalid json: no `params` field', '{"method":"info","params":null}'],
    ['no method __proto__', '{"method":"__proto__","params":{}}'],
  ])('refuses with "%s": %s', (text, request) => {
    expect(parseText(request)).toBe(text)
  })

  it('refuses what is no UTF-8 and what is nested too deep for the stack', () => {
    expect(outcome(() => parseMailboxRequest(Uint8Array.of(0xff)))).toBe('invalid json')
    const deep = 200_000
    const lists = `{"method":"info","params":{"a":${'['.repeat(deep)}1.0${']'.repeat(deep)}}}`
    expect(parseText(lists)).toBe('invalid json')
  })

  it('tells 1.0 and 1e3 from integers, but not within texts', () => {
    const withTtl = (ttl: string): MailboxRequest | string =>
      parseText(`{"method":"store","params":{"pubkey":"${pubkey}","timestamp":1700000000000,"data":"","ttl":${ttl}}}`)
    const refused = `invalid request: ${expected('ttl', 'positive integer')}`
    expect([withTtl('20000.0'), withTtl('2e4'), withTtl('2E4'), withTtl('20000.5')]).toEqual(Array(4).fill(refused))
    expect(withTtl('20000')).toMatchObject({ expiry: timestamp + 20_000 })
    expect(withTtl('"20000"')).toMatchObject({ expiry: timestamp + 20_000 })
    expect(parseJson('{"a":"x, 1.0","b":[1,2.5,-0,12345678901234567890,123456789012345678901234567890]}')).toEqual({
      a: 'x, 1.0',
      b: [1, 2.5, -0, 12_345_678_901_234_567_890n, NaN],
    })
  })

  it('keeps the digits of an expiry that no number holds', () => {
    const text = `{"method":"expire","params":{"pubkey":"${pubkey}","signature":"${signature}","messages":"${hash}","expiry":18446744073709551615}}`
    expect(parseText(text)).toMatchObject({ expiries: [2n ** 64n - 1n] })
  })

  it('takes null for absent, empty texts for absent credentials, and ignores what it does not know', () => {
    expect(
      parse('retrieve', { pubkey, namespace: null, last_hash: '', max_count: 0, max_size: 0, foo: [1] }),
    ).toMatchObject({
      method: 'retrieve',
      namespace: 0,
      wait: 0,
    })
    const request = parse('delete', { ...signed, messages: hash, subaccount: '', pubkey_ed25519: '' })
    expect(request).toMatchObject({ authentication: { signature: new Uint8Array(64) } })
    expect(request).not.toHaveProperty('authentication.subaccount')
  })

  it('looks at the other credentials of a store only when it is signed', () => {
    expect(parse('store', { ...store, pubkey_ed25519: 'ab', subaccount: 'ab' })).toMatchObject({ method: 'store' })
    expect(parse('store', { ...store, subaccount: 5 })).toBe(`invalid request: ${expected('subaccount', 'string')}`)
  })

  it('takes ids in either case, raw ids and signatures without padding', () => {
    const raw = String.fromCharCode(5).repeat(33)
    expect(parse('get_swarm', { pubKey: pubkey.toUpperCase() })).toMatchObject({ account: { hex: pubkey } })
    expect(parse('get_swarm', { pubkey: raw })).toMatchObject({ account: { hex: '05'.repeat(33) } })
    expect(parse('delete', { ...signed, signature: signature.slice(0, 86), messages: hash })).toMatchObject({
      authentication: { signature: new Uint8Array(64) },
    })
  })

  it.each([
    [102_399, false],
    [102_400, true],
    [102_401, false],
    [102_402, false],
  ])('takes data of at most 102,400 characters: %i', (length, isTaken) => {
    // A length of one more than a multiple of four is no base64 at all.
    const request = parse('store', { ...store, data: 'A'.repeat(length) })
    const isBase64 = length % 4 !== 1
    if (isTaken) expect(request).toMatchObject({ data: new Uint8Array(76_800) })
    else if (!isBase64) expect(request).toBe("invalid request: Invalid 'data' value: not base64 encoded")
    else if (length < 102_400) expect(request).toMatchObject({ data: new Uint8Array(76_799) })
    else expect(request).toBe('invalid request: Message body exceeds maximum allowed length of 76800 bytes')
  })

  it('cuts the wait of a retrieve at 20 seconds', () => {
    const waits = [19_999, 20_000, 20_001].map((wait) => parse('retrieve', { ...signed, wait }))
    expect(waits.map((request) => typeof request === 'object' && 'wait' in request && request.wait)).toEqual([
      19_999, 20_000, 20_000,
    ])
  })

  it.each([
    [19, true],
    [20, true],
    [21, false],
  ])('takes at most 20 subrequests: %i', (count, isTaken) => {
    const request = parse('sequence', { requests: Array(count).fill(info) })
    expect(typeof request === 'object').toBe(isTaken)
  })

  it.each([
    [49, true],
    [50, true],
    [51, false],
  ])('takes at most 50 tokens: %i', (count, isTaken) => {
    const request = parse('revoke_subaccount', { ...signed, revoke: Array(count).fill('A'.repeat(48)) })
    expect(typeof request === 'object').toBe(isTaken)
  })

  it.each([
    [MAX_IFELSE_DEPTH - 1, true],
    [MAX_IFELSE_DEPTH, true],
    [MAX_IFELSE_DEPTH + 1, false],
    [10_000, false],
  ])('takes conditions within conditions up to a depth: %i', (depth, isTaken) => {
    const open = '{"method":"ifelse","params":{"if":{"height_before":1},"then":'
    const request = parseText(`${open.repeat(depth)}${JSON.stringify(info)}${'}}'.repeat(depth)}`)
    if (isTaken) expect(request).toMatchObject({ method: 'ifelse' })
    else expect(request).toBe('invalid request: Invalid ifelse request: nested too deeply')
  })

  it('answers 10,000 random byte strings with an error of the client', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(utf8)), (bytes) => {
        expect(typeof outcome(() => parseMailboxRequest(bytes))).toBe('string')
        outcome(() => parseMethodRequest('store', bytes))
      }),
      { numRuns: 5000 },
    )
  })

  it('answers 10,000 mutated requests with a request or an error of the client', () => {
    const requests = vectors.transcript.map((step) => utf8(requestText(step))).filter(({ length }) => length < 5000)
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 1e21, '', 'all', [], {}, true, '\u0000'))
    fc.assert(
      fc.property(
        fc.constantFrom(...requests),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
        values,
        (text, at, byte, key, value) => {
          const flipped = Uint8Array.from(text)
          flipped[at % text.length] = byte
          outcome(() => parseMailboxRequest(flipped))
          const call = parsed(text)
          if (call === undefined) return
          const names = Object.keys(call.params)
          const name = names[key % (names.length || 1)] ?? 'requests'
          const result = parse(call.method, { ...call.params, [name]: value })
          expect(['string', 'object']).toContain(typeof result)
        },
      ),
      { numRuns: 5000 },
    )
  })
})

function parsed(text: Uint8Array): { method: string; params: Record<string, unknown> } | undefined {
  try {
    const call = JSON.parse(new TextDecoder().decode(text)) as { method: unknown; params: unknown }
    if (typeof call.method !== 'string' || typeof call.params !== 'object') return undefined
    return call as { method: string; params: Record<string, unknown> }
  } catch {
    return undefined
  }
}

const HEX_FIELDS = new Set(['pubkey', 'pubKey', 'pubkey_ed25519'])
const BASE64_FIELDS = new Set(['signature', 'subaccount_sig', 'data'])
const TOKEN_FIELDS = new Set(['subaccount', 'revoke', 'unrevoke'])

/** The parameters as a client that speaks bencode sends them. */
function toBencode(name: string, value: unknown): BencodeInput | undefined {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map((item: unknown) => toBencode(name, item) ?? '')
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return value
  if (typeof value === 'string') {
    if (HEX_FIELDS.has(name)) return fromHex(value) ?? value
    if (BASE64_FIELDS.has(name)) return fromBase64(value) ?? value
    if (TOKEN_FIELDS.has(name)) return (value.length === 72 ? fromHex(value) : fromBase64(value)) ?? value
    return value
  }
  const entries = Object.entries(value as object).map(([key, item]) => [key, toBencode(key, item)] as const)
  return new Map(entries.filter((entry): entry is [string, BencodeInput] => entry[1] !== undefined))
}

describe('parseMethodRequest', () => {
  const readable = vectors.transcript.filter((step) => {
    return step.request !== undefined && typeof parseText(requestText(step)) === 'object'
  })

  it('reads every request of the transcript in bencode as in JSON', () => {
    // Bencode has no booleans to pass on to a daemon, and no tokens that are too short.
    const withoutEqual = new Set(['oxend-get_service_nodes', 'member-store-short-token'])
    let compared = 0
    for (const step of readable) {
      if (step.request === undefined || withoutEqual.has(step.name)) continue
      const bytes = encodeBencode(toBencode('', step.request.params) ?? {})
      expect(outcome(() => parseMethodRequest(step.request?.method ?? '', bytes))).toEqual(parseText(requestText(step)))
      compared++
    }
    expect(compared).toBe(100)
  })

  it('takes JSON without envelope, and nothing for no parameters', () => {
    expect(parseMethodRequest('info', new Uint8Array())).toEqual({ method: 'info' })
    expect(parseMethodRequest('get_swarm', utf8(JSON.stringify({ pubkey })))).toMatchObject({
      account: { hex: pubkey },
    })
    expect(outcome(() => parseMethodRequest('nope', utf8('{}')))).toBe('no method nope')
  })

  it.each(['d', 'd1:ai1e', 'd1:a', 'd1:bi1e1:ai1ee', 'dei1e'])('refuses broken bencode: %s', (text) => {
    expect(outcome(() => parseMethodRequest('info', utf8(text)))).toBe('invalid request: invalid bencode')
  })

  it('refuses booleans other than 0 and 1, texts for numbers and data that is too long', () => {
    const refuse = (method: string, params: BencodeInput): unknown => {
      return outcome(() => parseMethodRequest(method, encodeBencode(params)))
    }
    const raw = { pubkey, signature: new Uint8Array(64), messages: [hash] }
    expect(refuse('delete', { ...raw, required: 2 })).toBe(`invalid request: ${expected('required', 'boolean')}`)
    expect(refuse('delete', { ...raw, signature: new Uint8Array(63) })).toBe(
      'invalid request: invalid signature: expected base64 encoded Ed25519 signature',
    )
    expect(refuse('delete', { ...raw, messages: [Uint8Array.of(0xff)] })).toBe(
      `invalid request: ${expected('messages', 'string array')}`,
    )
    expect(refuse('store', { pubkey, timestamp, ttl: 20_000, data: new Uint8Array(76_801) })).toBe(
      'invalid request: Message body exceeds maximum allowed length of 76800 bytes',
    )
    expect(refuse('store', { pubkey, timestamp, ttl: 20_000, data: new Uint8Array(76_800) })).toMatchObject({
      data: new Uint8Array(76_800),
    })
  })
})

describe('encodeMailboxRequest', () => {
  it('says again every request of the transcript that a client can mean', () => {
    let compared = 0
    for (const step of vectors.transcript) {
      const request = parseText(requestText(step))
      // A token that is too short has no text form of its own.
      if (typeof request === 'string' || step.name === 'member-store-short-token') continue
      expect(outcome(() => parseMailboxRequest(encodeMailboxRequest(request)))).toEqual(request)
      compared++
    }
    expect(compared).toBe(102)
  })
})
