import type { ClientEnvironment } from '../../environment.ts'
import { type Cursors, MemoryCursors } from '../../mailbox/cursors.ts'
import { NoticesStateError } from '../errors.ts'
import { MailboxReader, type OpenMailboxes } from './mailbox-reader.ts'
import type { MessageNotices, NoticeHandler } from './message-notice.ts'
import { NoticeDelivery } from './notice-delivery.ts'
import type { SlowModeOptions } from './notices-options.ts'
import { MemorySeenMessages, type SeenMessages } from './seen-messages.ts'

interface Running {
  readonly controller: AbortController
  readonly loops: Promise<unknown>
}

/** Messages by asking the network for them; no push service learns of it. */
export class SlowMode implements MessageNotices {
  readonly #environment: ClientEnvironment
  readonly #openMailboxes: OpenMailboxes
  readonly #options: SlowModeOptions
  readonly #cursors: Cursors
  readonly #seen: SeenMessages
  #running: Running | undefined

  constructor(environment: ClientEnvironment, openMailboxes: OpenMailboxes, options: SlowModeOptions) {
    this.#environment = environment
    this.#openMailboxes = openMailboxes
    this.#options = options
    this.#cursors = options.cursors ?? new MemoryCursors()
    this.#seen = options.seen ?? new MemorySeenMessages()
  }

  /** Begins to ask, every account by itself; resolves at once. */
  async start(handler: NoticeHandler): Promise<void> {
    if (this.#running !== undefined) throw new NoticesStateError('started already')
    const controller = new AbortController()
    const delivery = new NoticeDelivery(handler, this.#seen, controller.signal)
    const loops = this.#options.sources.map((source) => {
      const reader = new MailboxReader(source, delivery, this.#cursors, this.#openMailboxes)
      return this.#poll(reader, controller.signal)
    })
    this.#running = { controller, loops: Promise.all(loops) }
  }

  async stop(): Promise<void> {
    const running = this.#running
    running?.controller.abort()
    await running?.loops
    if (this.#running === running) this.#running = undefined
  }

  async #poll(reader: MailboxReader, signal: AbortSignal): Promise<void> {
    const { now, sleep } = this.#environment
    const { intervalMs, onProblem } = this.#options
    while (!signal.aborted) {
      const startedAt = now()
      const isAtOnce = await this.#read(reader, signal)
      if (isAtOnce || signal.aborted) continue
      const pause = Math.max(0, intervalMs - (now() - startedAt))
      await sleep(pause, signal).catch((error: unknown) => {
        if (!signal.aborted) onProblem(error)
      })
    }
  }

  /** Reads once; whether the next reading may follow at once, since the node holds requests or has brought something. */
  async #read(reader: MailboxReader, signal: AbortSignal): Promise<boolean> {
    const { waitMs = 0, onProblem } = this.#options
    const startedAt = this.#environment.now()
    try {
      const handedOver = await reader.read({ waitMs, signal })
      const isHeld = this.#environment.now() - startedAt >= waitMs
      return waitMs > 0 && (handedOver > 0 || isHeld)
    } catch (error) {
      if (!signal.aborted) onProblem(error)
      return false
    }
  }
}
