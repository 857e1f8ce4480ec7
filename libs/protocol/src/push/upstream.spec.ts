import { describe, expect, it } from '@jest/globals'
import { concat, fromUtf8, toHex, utf8 } from '#crypto'
import { type BencodeValue, decodeBencode, encodeBencode } from '../bencode/index.ts'
import {
  buildMonitorRequest,
  checkMonitorRequest,
  encodeNotification,
  fromBase64,
  monitorSignedBytes,
  parseMonitorRequest,
  parseNotification,
  SwarmMap,
  swarmPosition,
  toBase64,
  userSigner,
} from '../mailbox/index.ts'
import { account, hex, implementations } from '../mailbox/vectors.suite.ts'
import { buildSubscribeRequest } from './index.ts'
import { patternBody, vectors } from './vectors.suite.ts'

const { keys, legacy_notifier_key: legacy, payloads, swarm, tokens, upstream } = vectors
const [payload] = payloads
const bytes = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array(0)

it('has all vectors before it', () => {
  expect(Object.keys(upstream).filter((name) => name.endsWith('_b64'))).toHaveLength(4)
  expect(swarm).toHaveLength(3)
})

describe('the place of an account', () => {
  it.each(swarm)('of $pubkey is $chosen', ({ pubkey, swarm_space, swarm_ids, chosen }) => {
    const { key } = account(pubkey)
    expect(swarmPosition(key)).toBe(BigInt(swarm_space))
    expect(new SwarmMap(swarm_ids.map(BigInt)).swarmOf(key)).toBe(BigInt(chosen))
  })
})

describe.each(implementations)('what storage servers and older push servers say, with %s crypto', (_name, crypto) => {
  const dicts = decodeBencode(bytes(upstream.monitor_request_b64)) as readonly ReadonlyMap<string, BencodeValue>[]

  it('a device signs one text for both', () => {
    const [first, second] = dicts.map((dict) => parseMonitorRequest(crypto, dict))
    expect(dicts).toHaveLength(2)
    for (const request of dicts.map((dict) => parseMonitorRequest(crypto, dict))) {
      expect(() => checkMonitorRequest(crypto, request, vectors.now * 1000)).not.toThrow()
    }
    expect(first).toMatchObject({ account: { hex: keys.user.session_id }, withData: true, namespaces: [0, 2, 3, 4, 5] })
    expect(second).toMatchObject({ account: { hex: keys.group_admin.group_id }, withData: false })
    expect(first && fromUtf8(monitorSignedBytes(first.account, first))).toMatch(/^MONITOR05[0-9a-f]{64}17500000001/)

    const signer = userSigner(crypto, hex(keys.user.seed))
    const asked = { namespaces: [0, 2, 3, 4, 5], timestamp: vectors.now, withData: true }
    expect(encodeBencode(buildMonitorRequest(signer, asked))).toEqual(encodeBencode(dicts[0] ?? ''))
    const subscribe = buildSubscribeRequest(signer, {
      service: 'apns',
      serviceInfo: { token: tokens.apns },
      encryptionKey: hex(vectors.enc_key),
      namespaces: asked.namespaces,
      wantsData: true,
      signedAt: vectors.now,
    })
    expect(subscribe['signature']).toBe(toBase64(dicts[0]?.get('s') as Uint8Array))
  })

  it('a notification of a message is read and written', () => {
    for (const text of [upstream.notify_message_b64, upstream.notify_message_without_data_b64]) {
      const notification = parseNotification(bytes(text))
      expect(notification && toBase64(encodeNotification(notification))).toBe(text)
    }
    expect(parseNotification(bytes(upstream.notify_message_b64))?.data).toEqual(payload && patternBody(crypto, payload))
  })

  it('what notifiers are told can be put together', () => {
    const push = encodeBencode({
      '': 'apns',
      '#': payload?.hash ?? '',
      '&': tokens.apns,
      '@': hex(keys.user.session_id),
      '^': hex(vectors.enc_key),
      n: 0,
      t: payload?.timestamp_ms ?? 0,
      z: payload?.expiry_ms ?? 0,
      '~': (payload && patternBody(crypto, payload)) ?? '',
    })
    expect(toBase64(push)).toBe(upstream.notifier_push_b64)
  })

  it('the key of a notifier can be derived', () => {
    const message = concat(hex(legacy.hivemind_priv), utf8(legacy.name))
    expect(toHex(crypto.blake2b(message, { length: 32, key: utf8('notifier') }))).toBe(legacy.notifier_priv)
  })
})
