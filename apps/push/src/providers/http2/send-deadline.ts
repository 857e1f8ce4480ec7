import { type Deadline, DeadlineWheel } from '#runtime'
import { ProviderTimeoutError } from '../errors.ts'

/** A wheel for deadlines of that length: late by a tenth at most, with no more turns than its usual one a second. */
export function wheelFor(deadlineMs: number): DeadlineWheel {
  return new DeadlineWheel(Math.min(1000, Math.max(10, deadlineMs / 10)))
}

/** The one deadline of a send, over the login and all requests that it consists of. */
export class SendDeadline {
  readonly #deadline: Deadline
  #isOver = false
  #expire: (() => void) | undefined

  constructor(wheel: DeadlineWheel, afterMs: number) {
    this.#deadline = wheel.start(afterMs, () => {
      this.#isOver = true
      this.#expire?.()
    })
  }

  /** Says what is to happen at the end of the time, in place of what was said before; at once when it has come already. */
  onExpiry(expire: () => void): void {
    this.#expire = expire
    if (this.#isOver) expire()
  }

  /** The result of the work, or a `ProviderTimeoutError` as soon as the time is over; the work goes on for others. */
  bound<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onExpiry(() => reject(new ProviderTimeoutError()))
      work.then(resolve, reject)
    })
  }

  cancel(): void {
    this.#deadline.cancel()
  }
}
