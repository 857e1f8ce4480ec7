import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nativeCrypto } from '#crypto/native/index'
import { groupSigner, type RequestSigner } from '#protocol'
import { doors, type Posting } from './doors.suite.ts'
import { forgeries } from './forgeries.suite.ts'
import {
  distinctWalks,
  type ModelAnswer,
  ModelRelay,
  signedLast,
  type WalkRequest,
  walks,
} from './interleavings.suite.ts'
import { ReplayRelay, type ReplayStores } from './relay.suite.ts'
import { KEYS, newUser, NOON_S, type SignedRequest, subscribing, unsubscribing } from './requests.suite.ts'

const ADDED = { success: true, added: true, message: 'Subscription successful' }
const UPDATED = { success: true, updated: true, message: 'Resubscription successful' }
const REMOVED = { success: true, removed: true, message: 'Device unsubscribed from push notifications' }
const ABSENT = { success: true, removed: false, message: 'Device was not subscribed to push notifications' }
const SUPERSEDED = { error: 4, message: 'Subscription: signature timestamp is older than the last unsubscription' }
const ANSWERS: Readonly<Record<ModelAnswer, unknown>> = {
  added: ADDED,
  updated: UPDATED,
  superseded: SUPERSEDED,
  removed: REMOVED,
  absent: ABSENT,
}
const DAY_S = 86_400
const RUNS = 25

/** A forged or replayed request changes nothing: neither answers nor rows nor who is woken, with what key. */
export function replaySuite(name: string, openStores: () => Promise<ReplayStores>): void {
  describe.each(doors)(`replays on ${name} through %s`, (_door, door) => {
    let relay: ReplayRelay
    let stores: ReplayStores
    let user: RequestSigner
    let rowsBefore: number
    beforeAll(async () => {
      stores = await openStores()
      relay = new ReplayRelay(stores)
      await relay.start()
    })
    afterAll(async () => {
      await relay.close()
      await stores.subscriptions.close()
      await stores.notifications.close()
    })
    beforeEach(async () => {
      relay.now = NOON_S
      user = newUser()
      rowsBefore = await relay.rows()
    })

    const prepare = (request: SignedRequest): Posting => door(relay.push, request)
    const post = (request: SignedRequest): Promise<unknown> => prepare(request)()
    /** Subscriptions that the test has made, and who is woken. */
    const behaviour = async (): Promise<unknown> => ({
      rows: (await relay.rows()) - rowsBefore,
      wakes: await relay.wakes(user.account),
    })

    /** How many subscriptions the metrics call superseded. */
    const superseded = async (): Promise<number> => {
      const text = await relay.push.metrics.text()
      return Number(/^sotto_push_subscriptions_total\{change="superseded"\} (\d+)$/m.exec(text)?.[1] ?? 0)
    }

    it('takes a repeated subscription as often as it comes, and is the same afterwards', async () => {
      const subscribe = prepare(subscribing(user, 0))
      expect(await subscribe()).toEqual(ADDED)
      const before = await behaviour()
      expect(before).toMatchObject({ rows: 1, wakes: [expect.stringContaining('0 key 0'), expect.anything()] })
      for (let time = 0; time < 3; time++) expect(await subscribe()).toEqual(UPDATED)
      relay.now += 13 * DAY_S
      expect(await subscribe()).toEqual(UPDATED)
      expect(await behaviour()).toEqual(before)
      // Coming again has not made it live any longer.
      relay.now = NOON_S + 14 * DAY_S
      expect(await relay.wakes(user.account)).toEqual([])
    })

    it('refuses a subscription that comes again after the unsubscription, as long as it would be taken at all', async () => {
      const subscribe = prepare(subscribing(user, 0))
      await subscribe()
      expect(await post(unsubscribing(user, 10))).toEqual(REMOVED)
      for (const later of [0, DAY_S, 14 * DAY_S - 1]) {
        relay.now = NOON_S + later
        const before = await superseded()
        expect(await subscribe()).toEqual(SUPERSEDED)
        expect(await superseded()).toBe(before + 1)
        await stores.subscriptions.removeExpired(relay.now * 1_000, 1_000)
        expect(await behaviour()).toEqual({ rows: 0, wakes: [] })
      }
      relay.now = NOON_S + 14 * DAY_S
      expect(await subscribe()).toMatchObject({ error: 4, message: expect.stringContaining('too old') })
    })

    it.each([
      [-1, SUPERSEDED, 0],
      [0, ADDED, 1],
      [1, ADDED, 1],
    ])('judges a subscription %i s after an unsubscription that found nothing', async (seconds, answer, rows) => {
      expect(await post(unsubscribing(user, 10))).toEqual(ABSENT)
      expect(await post(subscribing(user, 10 + seconds))).toEqual(answer)
      expect((await relay.rows()) - rowsBefore).toBe(rows)
    })

    it('leaves a renewed subscription alone when the unsubscription comes again', async () => {
      const [subscribe, unsubscribe] = [prepare(subscribing(user, 0)), prepare(unsubscribing(user, 10))]
      await subscribe()
      await unsubscribe()
      expect(await post(subscribing(user, 11, { namespaces: [3] }))).toEqual(ADDED)
      const before = await behaviour()
      expect(before).toMatchObject({ rows: 1, wakes: [expect.stringContaining('3 key 0')] })
      for (const later of [0, DAY_S]) {
        relay.now = NOON_S + later
        expect(await unsubscribe()).toEqual(ABSENT)
        expect(await subscribe()).toEqual(UPDATED)
        expect(await behaviour()).toEqual(before)
      }
    })

    it('keeps namespaces, key and what is wanted when an older subscription comes after a newer', async () => {
      const older = prepare(
        subscribing(user, 0, { namespaces: [3], wantsData: false, encryptionKey: KEYS[1] as Uint8Array }),
      )
      await older()
      expect(await relay.wakes(user.account)).toEqual([expect.stringContaining('3 key 1 without body')])
      expect(await post(subscribing(user, 1))).toEqual(UPDATED)
      const before = await behaviour()
      expect(before).toMatchObject({
        rows: 1,
        wakes: [expect.stringContaining('0 key 0 with body'), expect.anything()],
      })
      for (let time = 0; time < 2; time++) expect(await older()).toEqual(UPDATED)
      expect(await behaviour()).toEqual(before)
      // An older one does not make it live less long either.
      relay.now = NOON_S + 14 * DAY_S
      expect(await behaviour()).toEqual(before)
    })

    it('is changed by no forged request', async () => {
      const groupSeed = nativeCrypto.randomBytes(32)
      const group = groupSigner(nativeCrypto, groupSeed)
      const [forger, bystander] = [newUser(), newUser()]
      for (const signer of [user, group, bystander]) expect(await post(subscribing(signer, 0))).toEqual(ADDED)
      const everything = async (): Promise<unknown> => ({
        user: await behaviour(),
        group: await relay.wakes(group.account),
        bystander: await relay.wakes(bystander.account),
        forger: await relay.wakes(forger.account),
      })
      const before = await everything()
      expect(before).toMatchObject({ user: { rows: 3 }, forger: [] })
      const forged = forgeries({ user, groupSeed, forger })
      expect(forged.length).toBeGreaterThan(60)
      for (const [forgery, request] of forged) {
        expect([forgery, await post(request)]).toEqual([forgery, { error: 4, message: expect.any(String) }])
      }
      expect(await everything()).toEqual(before)
      // Nor was anything remembered: what the owners sign afterwards counts.
      for (const signer of [user, group]) {
        expect(await post(subscribing(signer, 1, { namespaces: [3] }))).toEqual(UPDATED)
        expect(await relay.wakes(signer.account)).toEqual([expect.stringContaining('3 key 0')])
        expect(await post(unsubscribing(signer, 2))).toEqual(REMOVED)
        expect(await post(subscribing(signer, 3))).toEqual(ADDED)
      }
    })

    const toRequest = (signer: RequestSigner, request: WalkRequest): SignedRequest => {
      const { kind, second, device, namespaces, key, wantsData } = request
      const token = `token-of-device-${device}-`.padEnd(40, 'x')
      if (kind === 'unsubscribe') return unsubscribing(signer, second, token)
      return subscribing(signer, second, { namespaces, wantsData, encryptionKey: KEYS[key] as Uint8Array }, token)
    }
    const wakesOf = (subscribed: readonly WalkRequest[]): string[] =>
      subscribed
        .flatMap(({ device, namespaces, key, wantsData }) =>
          namespaces.map((namespace) => {
            const token = `token-of-device-${device}-`.padEnd(40, 'x')
            return `${namespace} key ${key} ${wantsData ? 'with' : 'without'} body ${token}`
          }),
        )
        .sort()

    it('answers and does what a simple model does, in whatever order requests come and come again', async () => {
      await fc.assert(
        fc.asyncProperty(walks, async ({ requests, order }) => {
          const signer = newUser()
          const rows = await relay.rows()
          const model = new ModelRelay()
          const postings = requests.map((request) => ({ request, posting: prepare(toRequest(signer, request)) }))
          for (const index of order) {
            const { request, posting } = postings[index] as (typeof postings)[number]
            expect(await posting()).toEqual(ANSWERS[model.answer(request)])
          }
          expect((await relay.rows()) - rows).toBe(model.subscribed.length)
          expect(await relay.wakes(signer.account)).toEqual(wakesOf(model.subscribed))
        }),
        { numRuns: RUNS },
      )
    })

    it('does in the end what was signed last, in whatever order requests come, and at once or not', async () => {
      await fc.assert(
        fc.asyncProperty(distinctWalks, fc.boolean(), async ({ requests, order }, isAtOnce) => {
          const signer = newUser()
          const rows = await relay.rows()
          const postings = requests.map((request) => prepare(toRequest(signer, request)))
          const inOrder = order.map((index) => postings[index] as Posting)
          if (isAtOnce) await Promise.all(inOrder.map((posting) => posting()))
          else for (const posting of inOrder) await posting()
          const last = signedLast(requests)
          expect((await relay.rows()) - rows).toBe(last.length)
          expect(await relay.wakes(signer.account)).toEqual(wakesOf(last))
        }),
        { numRuns: RUNS },
      )
    })
  })
}
