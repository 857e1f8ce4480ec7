import type { NewNotification } from '../notifications.ts'
import type { Tables } from './tables.ts'

export interface Acceptance {
  readonly accepted: number
  /** Whether one that was not known was left out, because its queue is full. */
  readonly isFull: boolean
}

interface Queue {
  number: number | undefined
  room: number
  accepted: number
}

/** Accepts what is not known and finds room, and counts it; a step inside a transaction of the caller. */
export function accept(
  { services, notifications, filter }: Tables,
  newOnes: readonly NewNotification[],
  capacity: number,
  now: number,
): Acceptance {
  const queues = new Map<string, Queue>()
  let isFull = false
  for (const one of newOnes) {
    const queue = queues.get(one.service) ?? open(one.service)
    if (queue.room <= 0) {
      // A key must not be remembered for a notification that is not in the queue.
      isFull ||= !filter.has(one.duplicateKey, now)
    } else if (filter.add(one.duplicateKey, now)) {
      queue.number ??= services.create(one.service)
      notifications.add(queue.number, one, now)
      queue.room -= 1
      queue.accepted += 1
    }
  }
  let accepted = 0
  for (const queue of queues.values()) {
    accepted += queue.accepted
    if (queue.number !== undefined && queue.accepted > 0) services.countAccepted(queue.number, queue.accepted)
  }
  return { accepted, isFull }

  function open(service: string): Queue {
    const known = services.find(service)
    const queue = { number: known?.number, room: capacity - (known?.waiting ?? 0), accepted: 0 }
    queues.set(service, queue)
    return queue
  }
}
