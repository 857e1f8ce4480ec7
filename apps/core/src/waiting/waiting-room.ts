import type { Deadline, DeadlineWheel } from '#runtime'

/** A mailbox's namespace of which news are awaited. */
export interface Awaited {
  /** 66 hex digits in lower case. */
  readonly account: string
  readonly namespace: number
}

/** Where clients wait for messages. A waiting client costs a few entries in maps: no timer, no poll, no thread of its own. */
export class WaitingRoom {
  readonly #waiters = new Map<string, Set<Waiter>>()
  #count = 0
  #isClosed = false

  constructor(
    private readonly deadlines: DeadlineWheel,
    private readonly capacity: number,
  ) {}

  /** How many clients wait. */
  get count(): number {
    return this.#count
  }

  /**
   * Takes a place; news are not missed from now on. The place is given back by `leave`.
   *
   * @param waitMs milliseconds after which the waiting is over, to the resolution of the wheel
   * @returns undefined when the room is full or closed: the client is then answered without waiting
   */
  enter(awaited: readonly Awaited[], waitMs: number): Waiter | undefined {
    if (this.#isClosed || this.#count >= this.capacity) return undefined
    const keys = [...new Set(awaited.map(keyOf))]
    const waiter: Waiter = new Waiter((deadline) => {
      deadline.cancel()
      this.#count--
      for (const key of keys) this.#remove(key, waiter)
    })
    waiter.deadline = this.deadlines.start(waitMs, () => waiter.end())
    for (const key of keys) this.#add(key, waiter)
    this.#count++
    return waiter
  }

  /** Tells those who wait for a namespace that there is something new. */
  notify(changed: Awaited): void {
    for (const waiter of this.#waiters.get(keyOf(changed)) ?? []) waiter.wake()
  }

  /** Ends all waiting, now and from now on. */
  close(): void {
    this.#isClosed = true
    for (const waiters of this.#waiters.values()) for (const waiter of waiters) waiter.end()
  }

  #add(key: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(key)
    if (waiters === undefined) this.#waiters.set(key, new Set([waiter]))
    else waiters.add(waiter)
  }

  #remove(key: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(key)
    waiters?.delete(waiter)
    if (waiters?.size === 0) this.#waiters.delete(key)
  }
}

/** One client that waits. */
export class Waiter {
  deadline: Deadline | undefined
  #hasNews = false
  #isOver = false
  #resume: (() => void) | undefined

  constructor(private readonly giveUpPlace: (deadline: Deadline) => void) {}

  /** Whether the time is over; news may have come all the same. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Resolves when there were news since the last call, or the time is over. */
  async next(): Promise<void> {
    if (!this.#hasNews && !this.#isOver) await new Promise<void>((resolve) => (this.#resume = resolve))
    this.#hasNews = false
  }

  wake(): void {
    this.#hasNews = true
    this.#resume?.()
    this.#resume = undefined
  }

  end(): void {
    this.#isOver = true
    this.wake()
  }

  /** Gives the place back. */
  leave(): void {
    if (this.deadline !== undefined) this.giveUpPlace(this.deadline)
    this.deadline = undefined
  }
}

function keyOf({ account, namespace }: Awaited): string {
  return `${account}${namespace}`
}
