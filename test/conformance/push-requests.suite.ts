import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Notifications, Subscriptions } from '#stores'
import { sendV4 } from '../../apps/attachments/src/testing/sealed-client.suite.ts'
import { type InProcessPush, RecordingProvider, startInProcessPush } from '../support/push-harness.ts'
import { comparable, pushVectors } from './push-vectors.suite.ts'

export const SUBSCRIPTION_RULES = { lifetimeS: 14 * 86_400, devicesPerAccount: 100 }
export const NOTIFICATION_RULES = { duplicateWindowMs: 600_000, capacity: 1_000 }

/** Where the relay of a suite keeps what it knows. */
export interface StoresUnderTest {
  /** A queue; nothing is put into it. */
  readonly notifications: () => Promise<Notifications>
  /** Subscriptions, of which there are none yet. */
  readonly subscriptions: () => Promise<Subscriptions>
}

type Door = (
  push: InProcessPush,
  endpoint: string,
  text: string,
) => Promise<{ status: number; type: string; text: string }>

const plain: Door = async ({ url }, endpoint, text) => {
  const reply = await fetch(url + endpoint, { method: 'POST', body: text })
  return { status: reply.status, type: reply.headers.get('content-type') ?? '', text: await reply.text() }
}

const v4: Door = async ({ url, key }, endpoint, text) => {
  const headers = { 'content-type': 'application/json' }
  const reply = await sendV4(url, key, { method: 'POST', endpoint, headers, body: Buffer.from(text) })
  return { status: reply.code, type: reply.headers['content-type'] ?? '', text: Buffer.from(reply.body).toString() }
}

const doors: readonly (readonly [string, Door])[] = [
  ['plain HTTP', plain],
  ['v4', v4],
]

/** Hands every call to the subscriptions of the moment, so that one relay serves many cases, each with stores of its own. */
function changing(current: () => Subscriptions): Subscriptions {
  return {
    put: (...given) => current().put(...given),
    remove: (...given) => current().remove(...given),
    matching: (...given) => current().matching(...given),
    removeDevice: (...given) => current().removeDevice(...given),
    removeExpired: (...given) => current().removeExpired(...given),
    counts: () => current().counts(),
    check: () => current().check(),
    close: async () => {},
  }
}

/** The answers of `requests` and `sequences`, exactly, on one kind of stores and through both doors. */
export function pushRequestsSuite(name: string, under: StoresUnderTest): void {
  describe.each(doors)(`push.json on ${name} through %s`, (_door, ask) => {
    let push: InProcessPush
    let notifications: Notifications
    let subscriptions: Subscriptions
    let now = pushVectors.now
    beforeAll(async () => {
      notifications = await under.notifications()
      push = await startInProcessPush({
        clock: { now: () => now * 1_000 },
        stores: { notifications, subscriptions: changing(() => subscriptions) },
        providers: new Map(pushVectors.services.map((service) => [service, new RecordingProvider()])),
      })
    })
    afterAll(async () => {
      await push.close()
      await notifications.close()
    })
    beforeEach(async () => {
      now = pushVectors.now
      subscriptions = await under.subscriptions()
    })
    afterEach(() => subscriptions.close())

    const rows = async (): Promise<number> =>
      [...(await subscriptions.counts()).values()].reduce((sum, count) => sum + count, 0)

    const answered = async (endpoint: string, text: string): Promise<unknown> => {
      const reply = await ask(push, endpoint, text)
      expect([reply.status, reply.type]).toEqual([200, 'application/json'])
      return JSON.parse(reply.text) as unknown
    }

    it.each(pushVectors.requests)('answers: $name', async ({ endpoint, body, body_text, expect: expected }) => {
      const answer = await answered(endpoint, body_text ?? JSON.stringify(body))
      const { newest_version: newest, response, message_exact: isExact } = expected
      expect(comparable(answer, isExact)).toEqual(comparable(newest ?? response, isExact))
    })

    it.each(pushVectors.sequences)('goes through: $name', async ({ steps }) => {
      for (const { now: at, endpoint, body, expect: expected, rows_after } of steps) {
        now = at
        await subscriptions.removeExpired(now * 1_000, 1_000)
        const answer = await answered(endpoint, JSON.stringify(body))
        const { newest_version: newest, response, message_exact: isExact } = expected
        expect(comparable(answer, isExact)).toEqual(comparable(newest ?? response, isExact))
        expect(await rows()).toBe(rows_after)
      }
    })
  })
}
