import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nativeCrypto } from '#crypto/native/index'
import { userSigner } from '#protocol'
import { RequestAbortedError } from '../../errors.ts'
import type { MessageNotice, NoticeHandler } from './message-notice.ts'
import { NoticeDelivery } from './notice-delivery.ts'
import { MemorySeenMessages } from './seen-messages.ts'

const { account } = userSigner(nativeCrypto, new Uint8Array(32).fill(1))
const notice = (hash: string): MessageNotice => ({
  account,
  namespace: 0,
  hash,
  timestamp: 0,
  expiry: undefined,
  body: new Uint8Array(),
  way: 'push',
})
const deliveryTo = (handler: NoticeHandler, signal = new AbortController().signal): NoticeDelivery =>
  new NoticeDelivery(handler, new MemorySeenMessages(), signal)

describe('NoticeDelivery', () => {
  it('hands over each message once, in order and one at a time, however often and closely it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 20 }), async (hashes) => {
        const handed: string[] = []
        let inside = 0
        const delivery = deliveryTo(async ({ hash }) => {
          expect(++inside).toBe(1)
          await Promise.resolve()
          handed.push(hash)
          inside--
        })
        const outcomes = await Promise.all(hashes.map((hash) => delivery.deliver(notice(hash))))
        expect(handed).toEqual([...new Set(hashes)])
        expect(outcomes.filter((outcome) => outcome === 'handed-over')).toHaveLength(handed.length)
        expect(delivery.waiting).toBe(0)
      }),
    )
  })

  it('counts a message as seen only once its handler has resolved', async () => {
    const handed: string[] = []
    let failures = 2
    const delivery = deliveryTo(({ hash }) => {
      if (failures-- > 0) throw new Error('no room')
      handed.push(hash)
    })
    const outcomes = await Promise.allSettled(['a', 'a', 'a', 'a'].map((hash) => delivery.deliver(notice(hash))))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled'])
    expect(handed).toEqual(['a'])
  })

  it('hands nothing over after the end', async () => {
    const controller = new AbortController()
    const handed: string[] = []
    const delivery = deliveryTo(({ hash }) => {
      handed.push(hash)
      controller.abort()
    }, controller.signal)
    const outcomes = Promise.allSettled(['a', 'b'].map((hash) => delivery.deliver(notice(hash))))
    await delivery.idle()
    expect(handed).toEqual(['a'])
    expect((await outcomes)[1]).toMatchObject({ reason: expect.any(RequestAbortedError) })
  })
})
