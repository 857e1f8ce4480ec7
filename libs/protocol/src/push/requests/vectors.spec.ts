import { describe, expect, it } from '@jest/globals'
import { type Crypto, fromUtf8, utf8 } from '#crypto'
import { implementations } from '../../mailbox/vectors.suite.ts'
import {
  answerPushRequests,
  checkSubscribe,
  checkUnsubscribe,
  PUSH_SUBSCRIPTION_LIFETIME_S,
  type PushAnswer,
  type PushRequestContext,
  type PushServiceName,
  subscribedAnswer,
  tokenRules,
  type UnsubscribeRequest,
  unsubscribedAnswer,
} from '../index.ts'
import { type Expectation, type RequestVector, vectors, withoutText } from '../vectors.suite.ts'

const services = new Map(vectors.services.map((name) => [name, tokenRules[name as PushServiceName]]))

/** As little of a store as the answers need. */
class Rows {
  readonly #signedAt = new Map<string, number>()

  get count(): number {
    return this.#signedAt.size
  }

  add(request: UnsubscribeRequest): PushAnswer {
    const isNew = !this.#signedAt.has(nameOf(request))
    this.#signedAt.set(nameOf(request), request.signedAt)
    return subscribedAnswer(isNew)
  }

  remove(request: UnsubscribeRequest): PushAnswer {
    return unsubscribedAnswer(this.#signedAt.delete(nameOf(request)))
  }

  sweep(now: number): void {
    for (const [name, signedAt] of this.#signedAt) {
      if (signedAt <= now - PUSH_SUBSCRIPTION_LIFETIME_S) this.#signedAt.delete(name)
    }
  }
}

function nameOf({ account, service, token }: UnsubscribeRequest): string {
  return JSON.stringify([account.hex, service, token])
}

function answer(
  rows: Rows,
  { endpoint, body, body_text }: Pick<RequestVector, 'endpoint' | 'body' | 'body_text'>,
  context: PushRequestContext,
): Promise<PushAnswer | readonly PushAnswer[]> {
  return answerPushRequests(utf8(body_text ?? JSON.stringify(body)), async (request) =>
    endpoint === '/subscribe'
      ? rows.add(await checkSubscribe(request, context))
      : rows.remove(await checkUnsubscribe(request, context)),
  )
}

function expectAnswer(actual: unknown, { response, message_exact, newest_version }: Expectation): void {
  if (newest_version !== undefined) expect(actual).toEqual(newest_version)
  else if (message_exact) expect(actual).toEqual(response)
  else expect(withoutText(actual)).toEqual(withoutText(response))
}

it('has all vectors before it', () => {
  expect(vectors.requests).toHaveLength(99)
  expect(vectors.requests.filter(({ expect: { newest_version } }) => newest_version !== undefined)).toHaveLength(7)
  expect(vectors.requests.filter(({ expect: { accepted } }) => accepted === true)).toHaveLength(26)
  expect(vectors.sequences.map(({ steps }) => steps.length)).toEqual([5, 3, 4, 2, 2, 3, 2, 3])
})

describe.each(implementations)('push requests with %s crypto', (_name, crypto: Crypto) => {
  const context = (now = vectors.now): PushRequestContext => ({ crypto, now, services })

  it.each(vectors.requests)('are answered as specified: $name', async (vector) => {
    const verified: string[] = []
    const verify: PushRequestContext['verify'] = (signature, message, key) => {
      verified.push(fromUtf8(message) ?? 'a token')
      return Promise.resolve(crypto.ed25519.verify(signature, message, key))
    }
    expectAnswer(await answer(new Rows(), vector, { ...context(), verify }), vector.expect)
    if (vector.expect.accepted === true) expect(verified.at(-1)).toBe(vector.signed_text)
  })

  it.each(vectors.sequences)('are answered as specified one after the other: $name', async ({ steps }) => {
    const rows = new Rows()
    for (const { now, rows_after, ...step } of steps) {
      rows.sweep(now)
      expectAnswer(await answer(rows, step, context(now)), step.expect)
      expect(rows.count).toBe(rows_after)
    }
  })
})
