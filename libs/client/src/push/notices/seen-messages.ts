/** Which messages were handed over; an application that outlives its process keeps it on disk, so that nothing is shown twice. */
export interface SeenMessages {
  has(hash: string): Promise<boolean>
  /** Called once the handler of the message has resolved. */
  add(hash: string): Promise<void>
}

const CAPACITY = 10_000

/** Remembers as long as the process lives, at most 10,000 messages; the oldest goes first. */
export class MemorySeenMessages implements SeenMessages {
  readonly #hashes = new Set<string>()
  readonly #capacity: number

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity
  }

  async has(hash: string): Promise<boolean> {
    return this.#hashes.has(hash)
  }

  async add(hash: string): Promise<void> {
    this.#hashes.add(hash)
    const [oldest] = this.#hashes
    if (this.#hashes.size > this.#capacity && oldest !== undefined) this.#hashes.delete(oldest)
  }
}
