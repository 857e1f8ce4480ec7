import { RequestAbortedError } from '../../errors.ts'
import type { MessageNotice, NoticeHandler } from './message-notice.ts'
import type { SeenMessages } from './seen-messages.ts'

/** What became of a message. */
export type Delivered = 'handed-over' | 'duplicate'

/** Hands messages over one at a time, each once. */
export class NoticeDelivery {
  readonly #handler: NoticeHandler
  readonly #seen: SeenMessages
  readonly #signal: AbortSignal
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(handler: NoticeHandler, seen: SeenMessages, signal: AbortSignal) {
    this.#handler = handler
    this.#seen = seen
    this.#signal = signal
  }

  /** Messages that are being handed over or wait for it. */
  get waiting(): number {
    return this.#waiting
  }

  /** Hands a message over after those that came before. Throws what the handler throws, and `RequestAbortedError` once the modes are stopped. */
  deliver(notice: MessageNotice): Promise<Delivered> {
    this.#waiting++
    const delivered = this.#last.then(() => this.#handOver(notice)).finally(() => this.#waiting--)
    // The caller hears of a failure; the next message is not to wait for ever because of it.
    this.#last = delivered.catch(() => undefined)
    return delivered
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#waiting > 0) await this.#last
  }

  async #handOver(notice: MessageNotice): Promise<Delivered> {
    if (this.#signal.aborted) throw new RequestAbortedError({ cause: this.#signal.reason })
    if (await this.#seen.has(notice.hash)) return 'duplicate'
    await this.#handler(notice)
    await this.#seen.add(notice.hash)
    return 'handed-over'
  }
}
