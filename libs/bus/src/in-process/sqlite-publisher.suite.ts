import { writeSync } from 'node:fs'
import { z } from 'zod'
import { json } from '../contract/codec.ts'
import { defineEvent } from '../contract/definition.ts'
import { SqliteEvents } from './sqlite-events.ts'

/**
 * A process that publishes until it is killed. Standard output gets one line for every event whose publication was acknowledged. The
 * first events are taken for delivery and never acknowledged.
 */
const event = defineEvent({ subject: 'test.crash', codec: json(z.object({ n: z.int() })) })
const events = new SqliteEvents({ file: process.argv[2] ?? '', now: Date.now, random: Math.random })

await events.subscribe(event, {
  durable: 'push',
  handler: () => new Promise<void>(() => undefined),
  maxInFlight: 5,
  ackWaitMs: 3_600_000,
  maxDeliver: 5,
})
for (let n = 0; ; n += 8) {
  await Promise.all(
    Array.from({ length: 8 }, async (_, k) => {
      await events.publish(event, { n: n + k }, { deduplicationId: `id-${n + k}` })
      writeSync(1, `${n + k}\n`)
    }),
  )
}
