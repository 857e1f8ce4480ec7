import { isRecord } from '../../nodes/json-reply.ts'
import { resultsIn } from '../../onion/node-verdict.ts'

/** The time a node gives in an answer, of a batch the largest of its parts (mailbox RPC §2.5); undefined when it gives none. */
export function timeIn(body: unknown): number | undefined {
  const parts = resultsIn(body)?.map((part) => part.body) ?? []
  const times = [body, ...parts].flatMap((value) => {
    const time = isRecord(value) ? value['t'] : undefined
    return typeof time === 'number' ? [time] : []
  })
  return times.length === 0 ? undefined : Math.max(...times)
}
