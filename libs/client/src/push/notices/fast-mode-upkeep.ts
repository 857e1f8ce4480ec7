import type { PushDevice } from '#protocol'
import type { ClientEnvironment } from '../../environment.ts'
import { PushRefusedError } from '../errors.ts'
import type { PushClient, SubscribeWish } from '../push-client.ts'
import { isTransient } from '../push-result.ts'
import { type Renewal, renewalDueAt } from '../renewal.ts'
import type { MailboxReader, OpenMailboxes } from './mailbox-reader.ts'
import type { NoticeSource } from './message-notice.ts'
import type { FastModeOptions } from './notices-options.ts'

/** From a round in which something failed to the next, in milliseconds; doubles as long as something fails. */
const SHORTEST_REPEAT_MS = 60_000
const LONGEST_REPEAT_MS = 3_600_000

export interface FastModeParts {
  readonly environment: ClientEnvironment
  readonly push: Pick<PushClient, 'subscribeAll' | 'unsubscribeAll'>
  readonly openMailboxes: OpenMailboxes
}

export interface FastAccount {
  readonly source: NoticeSource
  readonly reader: MailboxReader
}

/** What fast mode does besides taking notifications: it renews subscriptions, and reads mailboxes that may hold what nobody was told of. */
export class FastModeUpkeep {
  readonly #parts: FastModeParts
  readonly #options: FastModeOptions
  readonly #accounts: readonly FastAccount[]
  readonly #signal: AbortSignal
  /** Accounts whose mailbox has to be read, all of them in the beginning. */
  readonly #unread: Set<FastAccount>
  #device: PushDevice
  #last: Renewal | undefined
  #pause = new AbortController()

  constructor(parts: FastModeParts, options: FastModeOptions, accounts: readonly FastAccount[], signal: AbortSignal) {
    this.#parts = parts
    this.#options = options
    this.#accounts = accounts
    this.#signal = signal
    this.#unread = new Set(accounts)
    this.#device = options.device
  }

  /**
   * Subscribes every account; one that the relay did not know may have missed something and is to be read. Throws a `ClientError`, and `PushRefusedError` when all
   * are refused; refusals of some are told.
   */
  async subscribe(): Promise<void> {
    const { push, environment } = this.#parts
    const renewal = { subscribedAt: environment.now(), device: nameOf(this.#device) }
    const wishes = this.#accounts.map(({ source }) => this.#wish(source))
    const results = await push.subscribeAll(wishes, { signal: this.#signal })
    const refusals = results.flatMap((result) =>
      result.kind === 'refused' ? [new PushRefusedError(result.errorCode, result.message)] : [],
    )
    const [first] = refusals
    if (first !== undefined && refusals.length === results.length) throw first
    for (const refusal of refusals) this.#options.onProblem(refusal)
    for (const [index, account] of this.#accounts.entries()) {
      if (results[index]?.kind === 'added') this.#unread.add(account)
    }
    this.#last = results.some(isTransient) ? undefined : renewal
  }

  /** Subscribes with another token; until that has worked it is tried again. Throws what `subscribe` throws. */
  async changeDevice(device: PushDevice): Promise<void> {
    this.#device = device
    try {
      await this.subscribe()
    } finally {
      this.#pause.abort()
    }
  }

  /** Has the mailboxes of these accounts read soon. */
  owe(accounts: readonly FastAccount[]): void {
    for (const account of accounts) this.#unread.add(account)
    this.#pause.abort()
  }

  /** Renews and reads what has to be, until the signal. Never rejects: what fails is told and done again. */
  async run(): Promise<void> {
    let repeatMs = SHORTEST_REPEAT_MS
    while (!this.#signal.aborted) {
      this.#pause = new AbortController()
      const isDone = await this.#round()
      await this.#rest(isDone ? this.#dueAt() - this.#parts.environment.now() : repeatMs)
      repeatMs = isDone ? SHORTEST_REPEAT_MS : Math.min(LONGEST_REPEAT_MS, 2 * repeatMs)
    }
  }

  /** Whether nothing is left to do. */
  async #round(): Promise<boolean> {
    if (this.#parts.environment.now() >= this.#dueAt()) await this.#try(() => this.subscribe())
    for (const account of [...this.#unread]) {
      this.#unread.delete(account)
      const isRead = await this.#try(() => account.reader.read({ signal: this.#signal }))
      if (!isRead) this.#unread.add(account)
    }
    return this.#unread.size === 0 && this.#dueAt() > this.#parts.environment.now()
  }

  #dueAt(): number {
    return renewalDueAt(this.#last, nameOf(this.#device), this.#parts.environment.now(), this.#options.renewEveryMs)
  }

  #wish({ signer, namespaces }: NoticeSource): SubscribeWish {
    const { encryptionKey, wantsData = true } = this.#options
    return { owner: signer, ...this.#device, encryptionKey, namespaces, wantsData }
  }

  /** Pauses for so many milliseconds, or until something has to be done. */
  async #rest(ms: number): Promise<void> {
    const signal = AbortSignal.any([this.#pause.signal, this.#signal])
    try {
      await this.#parts.environment.sleep(ms, signal)
    } catch (error) {
      if (!signal.aborted) this.#options.onProblem(error)
    }
  }

  /** Whether it worked; what did not, unless because of the end, is told. */
  async #try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (!this.#signal.aborted) this.#options.onProblem(error)
      return false
    }
  }
}

function nameOf({ service, serviceInfo }: PushDevice): string {
  return JSON.stringify([service, serviceInfo])
}
