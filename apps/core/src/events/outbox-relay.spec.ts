import { describe, expect, it } from '@jest/globals'
import type { OutboxEntry } from '#stores'
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.ts'

/** An outbox in memory whose entries are all old. */
class Outbox {
  readonly entries = new Map<string, OutboxEntry>()
  readonly removals: string[][] = []

  write(id: string): OutboxEntry {
    const entry = { id, partition: 3, payload: Uint8Array.of(1) }
    this.entries.set(id, entry)
    return entry
  }

  async outbox(_before: number, limit: number): Promise<readonly OutboxEntry[]> {
    return [...this.entries.values()].slice(0, limit)
  }

  async removeFromOutbox(ids: readonly string[]): Promise<void> {
    this.removals.push([...ids])
    for (const id of ids) this.entries.delete(id)
  }
}

function relay(outbox: Outbox, changes: Partial<OutboxRelayOptions>): { relay: OutboxRelay; errors: unknown[] } {
  const errors: unknown[] = []
  const options = {
    mailboxes: outbox,
    publish: async () => {},
    now: () => 1_000_000,
    maxInFlight: 2,
    gatherMs: 1,
    sweepMs: 5,
    staleMs: 0,
    observer: { published: () => undefined, failed: (error: unknown) => void errors.push(error) },
    ...changes,
  }
  return { relay: new OutboxRelay(options), errors }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

describe('OutboxRelay', () => {
  it('removes an event from the outbox after it is published, not before', async () => {
    const outbox = new Outbox()
    const gate = Promise.withResolvers<void>()
    const { relay: one } = relay(outbox, { publish: () => gate.promise })
    one.offer(outbox.write('a'))
    await settled()
    expect(outbox.entries.size).toBe(1)
    gate.resolve()
    await one.stop()
    expect(outbox.entries.size).toBe(0)
  })

  it('removes what was published together with one command', async () => {
    const outbox = new Outbox()
    const { relay: one } = relay(outbox, { maxInFlight: 10 })
    for (const id of ['a', 'b', 'c']) one.offer(outbox.write(id))
    await one.stop()
    expect(outbox.removals).toEqual([['a', 'b', 'c']])
  })

  it('leaves what it cannot take to the sweep', async () => {
    const outbox = new Outbox()
    const gate = Promise.withResolvers<void>()
    const published: string[] = []
    const publish = async ({ id }: OutboxEntry): Promise<void> => {
      published.push(id)
      await gate.promise
    }
    const { relay: one } = relay(outbox, { publish })
    for (const id of ['a', 'b', 'c']) one.offer(outbox.write(id))
    await settled()
    expect(published).toEqual(['a', 'b'])
    gate.resolve()
    await settled()
    await one.sweep()
    expect(published).toEqual(['a', 'b', 'c'])
    expect(outbox.entries.size).toBe(0)
    await one.stop()
  })

  it('publishes everything that an earlier process has left, page after page', async () => {
    const outbox = new Outbox()
    for (let i = 0; i < 1_200; i++) outbox.write(String(i))
    const { relay: one } = relay(outbox, {})
    await one.sweep()
    expect(outbox.entries.size).toBe(0)
    await one.stop()
  })

  it('keeps an event that cannot be published, and publishes it when that is possible again', async () => {
    const outbox = new Outbox()
    let isAway = true
    const { relay: one, errors } = relay(outbox, {
      publish: async () => {
        if (isAway) throw new Error('away')
      },
    })
    one.offer(outbox.write('a'))
    await settled()
    expect([outbox.entries.size, errors.length]).toEqual([1, 1])
    await one.sweep()
    expect([outbox.entries.size, errors.length]).toEqual([1, 2])
    isAway = false
    one.start()
    await settled()
    expect(outbox.entries.size).toBe(0)
    await one.stop()
  })

  it('does not publish twice at the same time what a sweep finds under way', async () => {
    const outbox = new Outbox()
    const gate = Promise.withResolvers<void>()
    const published: string[] = []
    const publish = async ({ id }: OutboxEntry): Promise<void> => {
      published.push(id)
      await gate.promise
    }
    const { relay: one } = relay(outbox, { publish })
    one.offer(outbox.write('a'))
    await settled()
    await one.sweep()
    gate.resolve()
    await one.stop()
    expect(published).toEqual(['a'])
  })
})
