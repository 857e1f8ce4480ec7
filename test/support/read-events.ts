import { type DurableEvents, type DurableSubscription, messageStored } from '#bus'
import { until } from './backends/probe.ts'

/** What the events about new messages tell. */
export interface ReadEvents {
  /** Hashes of the messages that were told of. */
  readonly hashes: ReadonlySet<string>
  /** Deliveries, repeated ones included. */
  readonly deliveries: number
}

const READ_MS = 20_000

/** Consumes the events about new messages until none waits. Rejects when that takes too long. */
export async function readEvents(events: DurableEvents): Promise<ReadEvents> {
  const hashes = new Set<string>()
  let deliveries = 0
  const subscription: DurableSubscription = await events.subscribe(messageStored, {
    durable: 'crash-test',
    handler: async ({ hash }) => {
      deliveries++
      hashes.add(hash)
    },
    maxInFlight: 500,
    ackWaitMs: 10_000,
    maxDeliver: 10,
  })
  try {
    const isRead = await until(async () => (await events.depth(messageStored)).waiting === 0, READ_MS)
    if (!isRead) throw new Error('the events could not be read to their end')
  } finally {
    await subscription.close()
  }
  return { hashes, deliveries }
}
