import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromUtf8, toHex, utf8 } from '#crypto'
import { type BencodeInput, decodeBencode, encodeBencode } from '../../bencode/index.ts'
import {
  answerMonitorMessage,
  buildMonitorRequest,
  createToken,
  encodeNotification,
  groupSigner,
  monitorSignedBytes,
  parseMonitorRequest,
  parseNotification,
  subaccountSigner,
  userSigner,
} from '../index.ts'
import { account, hex, implementations, vectors } from '../vectors.suite.ts'

const { monitor, accounts } = vectors
const NOW_S = 1_700_000_000
const badArguments = (reason: string): object => ({ errcode: 1, error: `Invalid arguments: ${reason}` })

describe.each(implementations)('subscriptions with %s crypto', (_name, crypto) => {
  const user = userSigner(crypto, hex(accounts.user.ed25519_seed))
  const group = groupSigner(crypto, hex(accounts.group.ed25519_seed))
  const answer = (bytes: Uint8Array, nowS = NOW_S): string => {
    return toHex(answerMonitorMessage(crypto, bytes, nowS * 1000).reply)
  }
  const read = (input: BencodeInput, nowS = NOW_S): object => {
    const { reply } = answerMonitorMessage(crypto, encodeBencode(input), nowS * 1000)
    const members = [...(decodeBencode(reply) as ReadonlyMap<string, unknown>)]
    return Object.fromEntries(
      members.map(([key, value]) => [key, value instanceof Uint8Array ? fromUtf8(value) : value]),
    )
  }

  it.each(monitor.cases)('are answered as specified: $name', (vector) => {
    const bytes = hex(vector.request_bencoded)
    expect(answer(bytes, vector.now_seconds)).toBe(vector.reply_bencoded)
    const isAccepted = 'success' in vector.reply
    expect(answerMonitorMessage(crypto, bytes, vector.now_seconds * 1000).accepted).toHaveLength(isAccepted ? 1 : 0)
    if (!isAccepted) return
    const request = parseMonitorRequest(crypto, decodeBencode(bytes) as ReadonlyMap<string, never>)
    expect(fromUtf8(monitorSignedBytes(request.account, request))).toBe(vector.signed_text)
  })

  it('are answered in a list', () => {
    const { request_bencoded, reply_bencoded } = monitor.list_request
    expect(answer(hex(request_bencoded))).toBe(reply_bencoded)
    expect(answer(utf8('le'))).toBe(toHex(utf8('le')))
    const good = buildMonitorRequest(user, { timestamp: NOW_S, withData: false, namespaces: [0] })
    const mixed = answerMonitorMessage(crypto, encodeBencode([{}, good]), NOW_S * 1000)
    expect(mixed.accepted).toHaveLength(1)
    expect(decodeBencode(mixed.reply)).toHaveLength(2)
  })

  it('are signed by users, groups and members', () => {
    const seed = hex(vectors.group_subaccounts.member_ed25519_seed)
    const made = createToken(crypto, hex(accounts.group.ed25519_seed), crypto.ed25519.publicKey(seed), 1)
    for (const signer of [user, group, subaccountSigner(crypto, group.account, made, seed)]) {
      const request = buildMonitorRequest(signer, { timestamp: NOW_S, withData: true, namespaces: [-11, 0, 3] })
      const { accepted } = answerMonitorMessage(crypto, encodeBencode(request), NOW_S * 1000)
      expect(accepted).toMatchObject([{ account: signer.account, withData: true, namespaces: [-11, 0, 3] }])
    }
    const [first] = monitor.cases
    const rebuilt = buildMonitorRequest(user, { timestamp: NOW_S, withData: true, namespaces: [0, 2] })
    expect(toHex(encodeBencode(rebuilt))).toBe(first?.request_bencoded)
  })

  it('may be 14 days old and 24 hours ahead', () => {
    const at = (timestamp: number): object =>
      read(buildMonitorRequest(group, { timestamp, withData: false, namespaces: [11] }))
    const old = { errcode: 4, error: 'Invalid t= signature timestamp: timestamp is too old' }
    const ahead = { errcode: 4, error: 'Invalid t= signature timestamp: timestamp is in the future' }
    const ago = [1_209_599, 1_209_600, 1_209_601].map((seconds) => at(NOW_S - seconds))
    expect(ago).toEqual([{ success: 1 }, { success: 1 }, old])
    const later = [86_399, 86_400, 86_401].map((seconds) => at(NOW_S + seconds))
    expect(later).toEqual([{ success: 1 }, { success: 1 }, ahead])
  })

  it.each([
    [{ P: 'short' }, { errcode: 2, error: 'Provided P= Session Ed25519 pubkey must be 32 bytes' }],
    [{ P: new Uint8Array(32).fill(1, 0, 1) }, { errcode: 2, error: 'Invalid P= ed25519 public key' }],
    [{ P: 1 }, badArguments('key P has the wrong type')],
    [{ S: 'short' }, { errcode: 2, error: 'Provided S subaccount signature must be 64 bytes' }],
    [{ S: new Uint8Array(64) }, badArguments('required key T is missing')],
    [
      { S: new Uint8Array(64), T: '' },
      { errcode: 2, error: 'Provided T subaccount token must be 36 bytes' },
    ],
    [{ d: 'x' }, badArguments('key d has the wrong type')],
    [{}, badArguments('required key n is missing')],
    [{ n: 1 }, badArguments('key n has the wrong type')],
    [{ n: [] }, badArguments('key n is empty')],
    [{ n: [40_000] }, badArguments('key n has a value that is no namespace')],
    [
      { n: [0], p: 'short' },
      { errcode: 2, error: 'Provided p= pubkey must be 33 bytes' },
    ],
    [{ n: [0], p: new Uint8Array(33) }, badArguments('required key s is missing')],
    [
      { n: [0], p: new Uint8Array(33), s: '' },
      { errcode: 5, error: 'Provided s= signature must be 64 bytes' },
    ],
    [{ n: [0], p: new Uint8Array(33), s: new Uint8Array(64) }, badArguments('required signature timestamp is missing')],
    [{ n: [0], p: new Uint8Array(33), s: new Uint8Array(64), t: '' }, badArguments('key t has the wrong type')],
  ])('are refused at the first fault: %#', (request, expected) => {
    expect(read(request)).toEqual(expected)
  })

  it('are refused as a whole when they are no dict or list of dicts', () => {
    const single = badArguments('monitor request takes a single bencoded dict or list parameter')
    expect(read('text')).toEqual(single)
    expect(read([{}, 1])).toEqual(single)
    const { reply } = answerMonitorMessage(crypto, utf8('li1e'), 0)
    expect(fromUtf8(reply)).toBe(
      'd7:errcodei1e5:error62:Invalid arguments: Failed to parse monitor.messages data valuee',
    )
  })

  it('are answered whatever the bytes', () => {
    const valid = monitor.cases.map((vector) => hex(vector.request_bencoded))
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(...valid), fc.nat(), fc.nat(255), (bytes, text, at, byte) => {
        const flipped = Uint8Array.from(text)
        flipped[at % text.length] = byte
        expect(answerMonitorMessage(crypto, bytes, NOW_S * 1000).accepted).toEqual([])
        decodeBencode(answerMonitorMessage(crypto, flipped, NOW_S * 1000).reply)
      }),
      { numRuns: crypto.implementation === 'native' ? 1000 : 100 },
    )
  })
})

describe('notifications', () => {
  const { fields, with_data, without_data } = monitor.notification
  const notification = {
    account: account(fields['@']),
    hash: fields.h,
    namespace: fields.n,
    timestamp: fields.t,
    expiry: fields.z,
  }
  const data = hex(fields['~'])

  it('are written and read as specified', () => {
    expect(toHex(encodeNotification(notification))).toBe(without_data)
    expect(toHex(encodeNotification({ ...notification, data }))).toBe(with_data)
    expect(parseNotification(hex(without_data))).toEqual(notification)
    expect(parseNotification(hex(with_data))).toEqual({ ...notification, data })
  })

  it('are not read from anything else', () => {
    const wrong = [{ '@': 'x' }, { h: 'x' }, { n: 'x' }, { t: 'x' }, { z: 'x' }]
    for (const change of wrong) {
      const dict = new Map<string, BencodeInput>(Object.entries(change))
      for (const [key, value] of decodeBencode(hex(with_data)) as ReadonlyMap<string, never>) {
        if (!dict.has(key)) dict.set(key, value)
      }
      expect(parseNotification(encodeBencode(dict))).toBeUndefined()
    }
    expect(parseNotification(utf8('le'))).toBeUndefined()
    expect(parseNotification(utf8('d'))).toBeUndefined()
  })
})
