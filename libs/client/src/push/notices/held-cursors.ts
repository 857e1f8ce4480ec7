import type { CursorKey, Cursors } from '../../mailbox/cursors.ts'
import type { RetrievedPage } from '../../mailbox/replies/page.ts'

interface Held {
  readonly key: CursorKey
  readonly lastHash: string
}

/**
 * Cursors of one account that move only when told: what was retrieved is not yet what was handed over, and a process that ends in between must read it
 * again.
 */
export class HeldCursors implements Cursors {
  readonly #cursors: Cursors
  /** By namespace. */
  readonly #held = new Map<number, Held>()

  constructor(cursors: Cursors) {
    this.#cursors = cursors
  }

  get(key: CursorKey): Promise<string | undefined> {
    return this.#cursors.get(key)
  }

  async set(key: CursorKey, lastHash: string): Promise<void> {
    this.#held.set(key.namespace, { key, lastHash })
  }

  /** Moves the cursor behind a page that was handed over; does nothing when the last answer to this namespace was another page. */
  async release({ namespace, lastHash }: RetrievedPage): Promise<void> {
    const held = this.#held.get(namespace)
    if (held === undefined || held.lastHash !== lastHash) return
    this.#held.delete(namespace)
    await this.#cursors.set(held.key, held.lastHash)
  }

  /** Forgets what was retrieved and not handed over. */
  discard(): void {
    this.#held.clear()
  }
}
