import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { createToken, groupSigner, type RequestSigner, subaccountSigner, userSigner } from '../../mailbox/index.ts'
import { hex, implementations } from '../../mailbox/vectors.suite.ts'
import {
  answerPushRequests,
  buildSubscribeRequest,
  buildUnsubscribeRequest,
  checkSubscribe,
  checkUnsubscribe,
  encodePushRequests,
  parsePushAnswer,
  PushAnswerError,
  type PushDevice,
  type PushRequestContext,
  subscribedAnswer,
  tokenRules,
  unsubscribedAnswer,
  webPushSubscription,
} from '../index.ts'
import { vectors } from '../vectors.suite.ts'

const NOW = vectors.now
const services = new Map(Object.entries(tokenRules))
const encryptionKey = hex(vectors.enc_key)
const device: PushDevice = { service: 'firebase', serviceInfo: { token: vectors.tokens.firebase } }
const point = new Uint8Array(65).fill(4)
const endpoint = 'https://push.example/up0123456789?up=1'
const webPush: PushDevice = {
  service: 'webpush',
  serviceInfo: webPushSubscription(endpoint, point, new Uint8Array(16)),
}

describe.each(implementations)('requests of clients with %s crypto', (_name, crypto) => {
  const { keys } = vectors
  const group = groupSigner(crypto, hex(keys.group_admin.seed))
  const member = hex(keys.group_member.seed)
  const made = createToken(crypto, hex(keys.group_admin.seed), crypto.ed25519.publicKey(member), 1)
  const signers: readonly (readonly [string, RequestSigner])[] = [
    ['a user', userSigner(crypto, hex(keys.user.seed))],
    ['a group admin', group],
    ['a group member', subaccountSigner(crypto, group.account, made, member)],
  ]
  const context: PushRequestContext = { crypto, now: NOW, services }

  it.each(signers)('are accepted from %s', async (_who, signer) => {
    for (const [asked, token] of [
      [device, vectors.tokens.firebase],
      [webPush, endpoint],
    ] as const) {
      const options = { ...asked, encryptionKey, namespaces: [11, -11, 0, 11], wantsData: false, signedAt: NOW }
      expect(await checkSubscribe(buildSubscribeRequest(signer, options), context)).toMatchObject({
        account: signer.account,
        service: asked.service,
        token,
        encryptionKey,
        namespaces: [-11, 0, 11],
        wantsData: false,
        signedAt: NOW,
      })
      const unsubscribe = buildUnsubscribeRequest(signer, { ...asked, signedAt: NOW })
      expect(await checkUnsubscribe(unsubscribe, context)).toMatchObject({ account: signer.account, token })
    }
  })

  it('are those of the vectors', () => {
    const [, user] = signers[0] ?? []
    const [subscribe] = vectors.requests
    const options = {
      service: 'apns',
      serviceInfo: { token: vectors.tokens.apns },
      encryptionKey,
      namespaces: [0, 2, 3, 4, 5],
      wantsData: true,
      signedAt: 1_749_999_940,
    }
    expect(user && buildSubscribeRequest(user, options)).toEqual(subscribe?.body)
    const unsubscribe = vectors.requests.find(({ name }) => name === 'unsub ok, nothing to remove')
    expect(user && buildUnsubscribeRequest(user, options)).toEqual(unsubscribe?.body)
  })

  it('get their results alone or in a list', async () => {
    const request = buildUnsubscribeRequest(group, { ...device, signedAt: NOW })
    const answer = async (body: Uint8Array): Promise<unknown> => {
      const answers = await answerPushRequests(body, async (one) => {
        await checkUnsubscribe(one, context)
        return unsubscribedAnswer(false)
      })
      return parsePushAnswer(utf8(JSON.stringify(answers)))
    }
    expect(await answer(encodePushRequests(request))).toEqual({ kind: 'not-subscribed' })
    expect(await answer(encodePushRequests([request, { ...request, service: 'pigeon' }]))).toEqual([
      { kind: 'not-subscribed' },
      { kind: 'refused', errorCode: 2, message: 'pigeon notification service not currently available' },
    ])
  })
})

describe('parsePushAnswer', () => {
  const parse = (text: string): unknown => parsePushAnswer(utf8(text))

  it('tells what was done', () => {
    const answers = [
      subscribedAnswer(true),
      subscribedAnswer(false),
      unsubscribedAnswer(true),
      unsubscribedAnswer(false),
    ]
    expect(parse(JSON.stringify(answers))).toEqual([
      { kind: 'added' },
      { kind: 'updated' },
      { kind: 'removed' },
      { kind: 'not-subscribed' },
    ])
  })

  it('takes an error for a refusal even beside success, with a code that it does not know', () => {
    expect(parse('{"success":true,"error":99}')).toEqual({ kind: 'refused', errorCode: 99, message: '' })
  })

  it.each(['', 'no', '5', 'null', '[5]', '{}', '{"success":true}', '{"success":1,"added":true}', '{"error":"4"}'])(
    'refuses %j',
    (text) => {
      expect(() => parse(text)).toThrow(PushAnswerError)
    },
  )

  it('refuses what is no text', () => {
    expect(() => parsePushAnswer(Uint8Array.of(0xff))).toThrow(PushAnswerError)
  })

  it('throws nothing but its error', () => {
    const name = fc.constantFrom('success', 'error', 'added', 'updated', 'removed', 'message')
    const value = fc.oneof(fc.constant(true), fc.jsonValue())
    const answer = fc.oneof(
      fc.uint8Array(),
      fc.json().map(utf8),
      fc.dictionary(name, value).map((a) => utf8(JSON.stringify(a))),
    )
    fc.assert(
      fc.property(answer, (body) => {
        try {
          for (const { kind } of [parsePushAnswer(body)].flat()) expect(kind).toBeTruthy()
        } catch (error) {
          if (!(error instanceof PushAnswerError)) throw error
        }
      }),
    )
  })
})
