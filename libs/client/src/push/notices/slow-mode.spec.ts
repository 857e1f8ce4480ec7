import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { MemoryCursors } from '../../mailbox/cursors.ts'
import { MailboxClient } from '../../mailbox/mailbox-client.ts'
import { mailboxNetwork, type MailboxNetwork } from '../../node/fakes/mailbox-network.suite.ts'
import { StepwiseSleep } from '../../node/fakes/stepwise-sleep.suite.ts'
import { NamespaceRefusedError, NoticesStateError } from '../errors.ts'
import type { MessageNotice, NoticeHandler } from './message-notice.ts'
import { MemorySeenMessages } from './seen-messages.ts'
import type { SlowModeOptions } from './notices-options.ts'
import { SlowMode } from './slow-mode.ts'

const INTERVAL = 5_000

let net: MailboxNetwork
let sleeps: StepwiseSleep
let running: SlowMode[]
let problems: unknown[]
let handed: MessageNotice[]
beforeEach(() => {
  net = mailboxNetwork()
  sleeps = new StepwiseSleep()
  running = []
  problems = []
  handed = []
})
afterEach(() => Promise.all(running.map((mode) => mode.stop())))

const keep: NoticeHandler = (notice) => {
  handed.push(notice)
}
const texts = (): string[] => handed.map(({ body }) => new TextDecoder().decode(body))
const store = (text: string, namespace = 0): Promise<unknown> =>
  net.client.mailboxes.store(net.signer, { namespace, data: utf8(text), ttl: 86_400_000 })
const retrievals = (): number => net.asked.filter(({ method }) => method === 'batch').length

function slowMode(options: Partial<SlowModeOptions> = {}): SlowMode {
  const { environment } = net
  const { directory, sender, swarms, clock } = net.client
  const mode = new SlowMode(
    { ...environment, sleep: sleeps.sleep },
    (cursors) => new MailboxClient({ environment, directory, sender, swarms, clock }, cursors),
    {
      sources: [{ signer: net.signer, namespaces: [0, 3] }],
      intervalMs: INTERVAL,
      onProblem: (problem) => problems.push(problem),
      ...options,
    },
  )
  running.push(mode)
  return mode
}

describe('SlowMode', () => {
  it('hands over what lies in the mailbox, and later what comes', async () => {
    await store('one')
    await slowMode().start(keep)
    const pause = await sleeps.next()
    expect(pause.ms).toBe(INTERVAL)
    await store('two', 3)
    await store('three')
    pause.wake()
    await sleeps.next()
    expect(texts()).toEqual(['one', 'three', 'two'])
    expect(handed.map(({ namespace, way }) => [namespace, way])).toEqual([
      [0, 'mailbox'],
      [0, 'mailbox'],
      [3, 'mailbox'],
    ])
    expect(problems).toEqual([])
  })

  it('hands over every message once and in order, whatever fails in between and however often it starts anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ stores: fc.integer({ min: 0, max: 4 }), fails: fc.boolean(), restarts: fc.boolean() }), {
          maxLength: 6,
        }),
        async (rounds) => {
          net = mailboxNetwork()
          sleeps = new StepwiseSleep()
          handed = []
          const memory = { cursors: new MemoryCursors(), seen: new MemorySeenMessages() }
          const stored: string[] = []
          let failures = 0
          const handler: NoticeHandler = async (notice) => {
            if (failures-- > 0) throw new Error('no room')
            await keep(notice)
          }
          let mode = slowMode(memory)
          await mode.start(handler)
          for (const { stores, fails, restarts } of [...rounds, { stores: 1, fails: false, restarts: false }]) {
            const pause = await sleeps.next()
            for (let left = stores; left > 0; left--) {
              stored.push(`message ${stored.length}`)
              await store(stored.at(-1) ?? '')
            }
            failures = fails ? 1 : 0
            pause.wake()
            if (!restarts) continue
            const last = await sleeps.next()
            await mode.stop()
            last.wake()
            mode = slowMode(memory)
            await mode.start(handler)
          }
          failures = 0
          ;(await sleeps.next()).wake()
          await sleeps.next()
          await mode.stop()
          expect(texts()).toEqual(stored)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('moves the cursor only behind what the handler has taken', async () => {
    const cursors = new MemoryCursors()
    await store('one')
    const failing = slowMode({ cursors })
    await failing.start(() => Promise.reject(new Error('no room')))
    await sleeps.next()
    await failing.stop()
    expect(problems).toEqual([new Error('no room')])
    await slowMode({ cursors }).start(keep)
    await sleeps.next()
    expect(texts()).toEqual(['one'])
  })

  it('does not hand over again what another process has handed over', async () => {
    const seen = new MemorySeenMessages()
    await store('one')
    const first = slowMode({ seen })
    await first.start(keep)
    await sleeps.next()
    await first.stop()
    await slowMode({ seen }).start(keep)
    await sleeps.next()
    expect(texts()).toEqual(['one'])
  })

  it('goes on with the other parts of a mailbox when one is refused', async () => {
    await store('one')
    net.alter = (body, { method }) => {
      const { results } = body as { results: object[] }
      return method === 'batch' ? { results: [results[0], { code: 401, body: {} }] } : body
    }
    await slowMode().start(keep)
    await sleeps.next()
    expect(texts()).toEqual(['one'])
    expect(problems).toEqual([new NamespaceRefusedError(401)])
  })

  it('goes on after the network was away', async () => {
    net.disturb = () => ({ status: 500, body: {} })
    await slowMode().start(keep)
    const pause = await sleeps.next()
    expect(problems).toHaveLength(1)
    net.disturb = () => undefined
    await net.client.directory.refresh()
    await store('one')
    pause.wake()
    await sleeps.next()
    expect(texts()).toEqual(['one'])
  })

  it('asks again at once after a node has held the request or brought something, and else at the interval', async () => {
    const wait = 20_000
    let held = 3
    net.alter = (body, { method }) => {
      if (method === 'batch' && held-- > 0) net.environment.advance(wait)
      return body
    }
    await slowMode({ waitMs: wait }).start(keep)
    await sleeps.next()
    expect(retrievals()).toBe(4)
    const params = net.asked.find(({ method }) => method === 'batch')?.params
    expect(JSON.stringify(params)).toContain(`"wait":${wait}`)
  })

  it('reads a mailbox that is longer than one answer to its end', async () => {
    const all = Array.from({ length: 12 }, (_, index) => `message ${index}`)
    for (const text of all) await store(text)
    net.disturb = ({ method, params }) => {
      if (method === 'batch') {
        for (const part of params['requests'] as { params: Record<string, unknown> }[]) part.params['max_count'] = 5
      }
      return undefined
    }
    await slowMode().start(keep)
    await sleeps.next()
    expect(texts()).toEqual(all)
    expect(retrievals()).toBe(3)
  })

  it('is not kept busy by a node that always has more', async () => {
    await store('one')
    net.alter = (body, { method }) => {
      const { results } = body as { results: { code: number; body: object }[] }
      return method === 'batch'
        ? { results: results.map((part) => ({ ...part, body: { ...part.body, more: true } })) }
        : body
    }
    await slowMode().start(keep)
    await sleeps.next()
    expect(texts()).toEqual(['one'])
    expect(retrievals()).toBeLessThanOrEqual(200)
  })

  it('starts once, and ends while it asks or pauses', async () => {
    const mode = slowMode()
    await mode.stop()
    await mode.start(keep)
    await expect(mode.start(keep)).rejects.toBeInstanceOf(NoticesStateError)
    await mode.stop()
    const asked = retrievals()
    await mode.start(keep)
    await sleeps.next()
    await mode.stop()
    expect(retrievals()).toBeLessThanOrEqual(asked + 1)
    expect(problems).toEqual([])
  })

  it('reads several accounts, each by itself', async () => {
    const other = mailboxNetwork(5).signer
    await net.client.mailboxes.store(other, { namespace: 0, data: utf8('theirs'), ttl: 86_400_000 })
    await store('mine')
    const sources = [net.signer, other].map((signer) => ({ signer, namespaces: [0] }))
    await slowMode({ sources }).start(keep)
    await sleeps.next()
    await sleeps.next()
    expect(texts().sort()).toEqual(['mine', 'theirs'])
  })
})
