import { RequestAbortedError } from '../../errors.ts'
import type { Cursors } from '../../mailbox/cursors.ts'
import type { MailboxClient } from '../../mailbox/mailbox-client.ts'
import type { RetrievedPage } from '../../mailbox/replies/page.ts'
import type { BatchPart } from '../../mailbox/retriever.ts'
import { NamespaceRefusedError } from '../errors.ts'
import { HeldCursors } from './held-cursors.ts'
import type { NoticeSource } from './message-notice.ts'
import type { NoticeDelivery } from './notice-delivery.ts'

/** Retrieves that one request may hold (mailbox RPC §4.15). */
const BATCH_SIZE = 20
/** Requests of one reading: a node that always has more to say must not keep it busy for ever. */
const MAX_REQUESTS = 200

/** Makes a mailbox client that keeps its cursors where it is told. */
export type OpenMailboxes = (cursors: Cursors) => Pick<MailboxClient, 'batch'>

export interface ReadOptions {
  /** How long the node may hold the request while there is nothing new, in milliseconds; default not at all. */
  readonly waitMs?: number
  readonly signal: AbortSignal
}

interface Failure {
  readonly error: unknown
}

/** What came of one part of an answer. */
interface Taken {
  readonly namespace: number
  readonly handedOver: number
  readonly more: boolean
  readonly failure?: Failure
}

/** Reads what is new in the mailbox of one account and hands it over; the cursor follows what was handed over. */
export class MailboxReader {
  readonly #source: NoticeSource
  readonly #cursors: HeldCursors
  readonly #mailboxes: Pick<MailboxClient, 'batch'>
  readonly #delivery: NoticeDelivery
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<number> | undefined

  constructor(source: NoticeSource, delivery: NoticeDelivery, cursors: Cursors, openMailboxes: OpenMailboxes) {
    this.#source = source
    this.#delivery = delivery
    this.#cursors = new HeldCursors(cursors)
    this.#mailboxes = openMailboxes(this.#cursors)
  }

  /**
   * Hands over everything new and returns how many messages that were. Calls while one is under way share the next one. A failure in one namespace
   * holds up no other; the first is thrown in the end: a `ClientError`, or what the handler threw.
   */
  read(options: ReadOptions): Promise<number> {
    if (this.#next !== undefined) return this.#next
    const next = this.#last.then(() => {
      this.#next = undefined
      return this.#readAll(options)
    })
    this.#next = next
    // Whoever asked hears of a failure; the next reading begins all the same.
    this.#last = next.catch(() => undefined)
    return next
  }

  async #readAll({ waitMs = 0, signal }: ReadOptions): Promise<number> {
    const failures: Failure[] = []
    let handedOver = 0
    let wait = waitMs
    let left = this.#source.namespaces
    this.#cursors.discard()
    for (let requests = 0; left.length > 0 && requests < MAX_REQUESTS; requests++) {
      const namespaces = left.slice(0, BATCH_SIZE)
      const again: number[] = []
      for (const part of await this.#batch(namespaces, wait, signal)) {
        const outcome = await this.#take(part, signal)
        handedOver += outcome.handedOver
        if (outcome.failure !== undefined) failures.push(outcome.failure)
        if (outcome.more) again.push(outcome.namespace)
      }
      left = [...left.slice(BATCH_SIZE), ...again]
      wait = 0
    }
    const [first] = failures
    if (first !== undefined) throw first.error
    return handedOver
  }

  #batch(namespaces: readonly number[], wait: number, signal: AbortSignal): Promise<readonly BatchPart[]> {
    // Several retrieves share the longest answer (mailbox RPC §4.2).
    const maxSize = namespaces.length > 1 ? { maxSize: -namespaces.length } : {}
    const wishes = namespaces.map((namespace) => ({ namespace, ...maxSize, ...(wait > 0 && { wait }) }))
    return this.#mailboxes.batch(this.#source.signer, wishes, { signal })
  }

  async #take(part: BatchPart, signal: AbortSignal): Promise<Taken> {
    if (part.kind === 'refused') {
      const { namespace, status } = part
      return { namespace, handedOver: 0, more: false, failure: { error: new NamespaceRefusedError(status) } }
    }
    const { page } = part
    const { namespace } = page
    let handedOver = 0
    try {
      for (const { data: body, ...message } of page.messages) {
        if (signal.aborted) throw new RequestAbortedError({ cause: signal.reason })
        const { account } = this.#source.signer
        const notice = { ...message, account, namespace, body, way: 'mailbox' } as const
        if ((await this.#delivery.deliver(notice)) === 'handed-over') handedOver++
      }
      await this.#cursors.release(page)
      return { namespace, handedOver, more: hasProgress(page) }
    } catch (error) {
      return { namespace, handedOver, more: false, failure: { error } }
    }
  }
}

/** Whether another request can bring more than the same page again. */
function hasProgress({ more, lastHash }: RetrievedPage): boolean {
  return more && lastHash !== undefined
}
