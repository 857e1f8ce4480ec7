import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import {
  answerPushRequests,
  MAX_PUSH_NESTING,
  MAX_PUSH_REQUEST_LENGTH,
  MAX_PUSH_REQUESTS,
  type PushAnswer,
  PushErrorCode,
  PushErrorText,
  PushRequestError,
  subscribedAnswer,
  unsubscribedAnswer,
} from '../index.ts'

const ADDED = subscribedAnswer(true)

/** Refuses texts, takes everything else, and counts what it is asked. */
function service(): { asked: unknown[]; answer: (request: unknown) => Promise<PushAnswer> } {
  const asked: unknown[] = []
  const answer = async (request: unknown): Promise<PushAnswer> => {
    asked.push(request)
    if (typeof request === 'string') throw new PushRequestError(PushErrorCode.Error, 'a text')
    return ADDED
  }
  return { asked, answer }
}

const answerText = (text: string): Promise<unknown> => answerPushRequests(utf8(text), service().answer)
const badInput = (message: string): object => ({ error: 1, message })

describe('answerPushRequests', () => {
  it('answers an object with an object and an array with an array in its order', async () => {
    expect(await answerText('{}')).toEqual(ADDED)
    expect(await answerText(' [{}] ')).toEqual([ADDED])
    expect(await answerText('[1,"x",{}]')).toEqual([ADDED, { error: 4, message: 'a text' }, ADDED])
  })

  it.each([
    ['nothing', '', PushErrorText.BodyMissing],
    ['too much', `"${'x'.repeat(MAX_PUSH_REQUEST_LENGTH)}"`, PushErrorText.BodyTooLarge],
    ['no JSON', '{', PushErrorText.InvalidJson],
    ['a boolean', 'true', PushErrorText.NeitherObjectNorArray],
    ['an empty array', '[]', PushErrorText.EmptyList],
    ['a huge array', `[${'0,'.repeat(MAX_PUSH_REQUESTS)}0]`, 'Invalid request: more than 1000 requests in a list'],
    ['deep arrays', '['.repeat(50_000) + ']'.repeat(50_000), 'Invalid JSON: nested too deeply'],
    ['deep objects without end', '{"a":'.repeat(19_999), 'Invalid JSON: nested too deeply'],
  ])('refuses %s as a whole', async (_name, text, message) => {
    const { asked, answer } = service()
    expect(await answerPushRequests(utf8(text), answer)).toEqual(badInput(message))
    expect(asked).toEqual([])
  })

  it('refuses what is no UTF-8', async () => {
    const bytes = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)
    expect(await answerPushRequests(bytes, service().answer)).toEqual(badInput(PushErrorText.InvalidJson))
  })

  it('takes the longest body, the longest array and the deepest nesting', async () => {
    const long = `{"a":"${'x'.repeat(MAX_PUSH_REQUEST_LENGTH - 8)}"}`
    expect(utf8(long)).toHaveLength(MAX_PUSH_REQUEST_LENGTH)
    expect(await answerText(long)).toEqual(ADDED)
    expect(await answerText(`[${'0,'.repeat(MAX_PUSH_REQUESTS - 1)}0]`)).toHaveLength(MAX_PUSH_REQUESTS)
    const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(await answerText(deep(MAX_PUSH_NESTING))).toEqual([ADDED])
    expect(await answerText(deep(MAX_PUSH_NESTING + 1))).toMatchObject({ error: 1 })
  })

  it('counts no bracket within a text', async () => {
    expect(await answerText(JSON.stringify({ '[{': `\\"${'[{'.repeat(100)}` }))).toEqual(ADDED)
  })

  it('lets requests of an array overlap', async () => {
    const waiting: (() => void)[] = []
    const answers = answerPushRequests(utf8('[1,2,3]'), async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 3) for (const proceed of waiting) proceed()
      })
      return ADDED
    })
    expect(await answers).toHaveLength(3)
  })

  it('rejects with what is no refusal', async () => {
    const broken = new Error('the store is away')
    await expect(answerPushRequests(utf8('[1,2]'), () => Promise.reject(broken))).rejects.toBe(broken)
  })

  it('answers whatever bytes come', async () => {
    const { answer } = service()
    const body = fc.oneof(
      fc.uint8Array(),
      fc.json({ maxDepth: 20 }).map(utf8),
      fc.array(fc.constantFrom('[', ']', '{', '}', '"', '\\', ':', ',', '1', 'a')).map((parts) => utf8(parts.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const answers = [await answerPushRequests(bytes, answer)].flat()
        for (const one of answers) expect('error' in one || 'success' in one).toBe(true)
      }),
    )
  })
})

describe('answers', () => {
  it('are written as the newer servers write them', () => {
    const answers = [
      subscribedAnswer(true),
      subscribedAnswer(false),
      unsubscribedAnswer(true),
      unsubscribedAnswer(false),
    ]
    expect(answers.map((answer) => JSON.stringify(answer))).toEqual([
      '{"added":true,"message":"Subscription successful","success":true}',
      '{"message":"Resubscription successful","success":true,"updated":true}',
      '{"message":"Device unsubscribed from push notifications","removed":true,"success":true}',
      '{"message":"Device was not subscribed to push notifications","removed":false,"success":true}',
    ])
  })
})
