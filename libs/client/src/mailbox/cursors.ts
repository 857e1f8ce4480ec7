/** Whose messages were read how far: the order of messages is that of one node (mailbox RPC §4.2). */
export interface CursorKey {
  /** Account id, 66 hex characters in lower case. */
  readonly account: string
  /** Ed25519 key of the node, 64 hex characters in lower case. */
  readonly node: string
  readonly namespace: number
}

/** Where the hash of the last message that was read is kept; an application that outlives its process keeps it on disk. */
export interface Cursors {
  get(key: CursorKey): Promise<string | undefined>
  set(key: CursorKey, lastHash: string): Promise<void>
}

const CAPACITY = 10_000

/** Cursors that last as long as the process, at most 10,000 of them; the one unused for longest goes first. */
export class MemoryCursors implements Cursors {
  readonly #hashes = new Map<string, string>()
  readonly #capacity: number

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity
  }

  async get(key: CursorKey): Promise<string | undefined> {
    return this.#hashes.get(textOf(key))
  }

  async set(key: CursorKey, lastHash: string): Promise<void> {
    const text = textOf(key)
    this.#hashes.delete(text)
    this.#hashes.set(text, lastHash)
    const [oldest] = this.#hashes.keys()
    if (this.#hashes.size > this.#capacity && oldest !== undefined) this.#hashes.delete(oldest)
  }
}

function textOf({ account, node, namespace }: CursorKey): string {
  return `${account} ${node} ${namespace}`
}
