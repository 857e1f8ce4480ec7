import type { PushDevice } from '#protocol'
import { type Cursors, MemoryCursors } from '../../mailbox/cursors.ts'
import { decryptPush, type DecryptedPush } from '../decrypt-push.ts'
import { NoticesStateError } from '../errors.ts'
import { type FastAccount, FastModeUpkeep, type FastModeParts } from './fast-mode-upkeep.ts'
import { MailboxReader } from './mailbox-reader.ts'
import type { MessageNotices, NoticeHandler } from './message-notice.ts'
import { type Delivered, NoticeDelivery } from './notice-delivery.ts'
import type { FastModeOptions } from './notices-options.ts'
import { MemorySeenMessages, type SeenMessages } from './seen-messages.ts'

/** Messages that may wait for the handler; for further ones the mailbox is read, which loses none. */
const MAX_WAITING = 100

/** What became of a notification: `fetched` that the mailbox was read for it, `not-ours` that it is of no account or namespace asked for. */
export type Received = Delivered | 'fetched' | 'not-ours'

interface Running {
  readonly controller: AbortController
  readonly delivery: NoticeDelivery
  readonly upkeep: FastModeUpkeep
  /** By account id in hex. */
  readonly accounts: ReadonlyMap<string, FastAccount>
}

/**
 * Messages by way of a push service. Whatever the platform is handed goes to `receive`; the mailbox is read at the start, for messages that do not fit, and
 * when the relay had forgotten a subscription.
 */
export class FastMode implements MessageNotices {
  readonly #parts: FastModeParts
  readonly #options: FastModeOptions
  readonly #cursors: Cursors
  readonly #seen: SeenMessages
  #device: PushDevice
  #running: Running | undefined
  #keeping: Promise<void> = Promise.resolve()

  constructor(parts: FastModeParts, options: FastModeOptions) {
    this.#parts = parts
    this.#options = options
    this.#device = options.device
    this.#cursors = options.cursors ?? new MemoryCursors()
    this.#seen = options.seen ?? new MemorySeenMessages()
  }

  /**
   * Subscribes every account, and keeps the subscriptions alive until `stop`. Resolves once subscribed; notifications may be received from the call on.
   * Throws a `ClientError`, for example to fall back on slow mode, when no account could be subscribed.
   */
  async start(handler: NoticeHandler): Promise<void> {
    if (this.#running !== undefined) throw new NoticesStateError('started already')
    const running = this.#open(handler)
    this.#running = running
    try {
      await running.upkeep.subscribe()
    } catch (error) {
      await this.stop()
      throw error
    }
    this.#keeping = running.upkeep.run()
  }

  /** Ends; the subscriptions stay, so that the device is woken while the application does not run. */
  async stop(): Promise<void> {
    const running = this.#running
    running?.controller.abort()
    await this.#keeping
    await running?.delivery.idle()
    if (this.#running === running) this.#running = undefined
  }

  /**
   * Takes what the platform's push handler was given, `enc_payload` in base64; resolves once the message is handed over. Throws `PushPayloadError` for
   * what is none, a `ClientError` when the mailbox cannot be read, `NoticesStateError`, and what the handler throws: the message then
   * comes again, from the mailbox.
   */
  async receive(payload: string): Promise<Received> {
    const running = this.#running
    if (running === undefined) throw new NoticesStateError('not started')
    const { crypto } = this.#parts.environment
    const push = decryptPush(crypto, payload, this.#options.encryptionKey)
    const account = running.accounts.get(push.account.hex)
    if (account === undefined) return 'not-ours'
    if (push.namespace !== undefined && !account.source.namespaces.includes(push.namespace)) return 'not-ours'
    try {
      const received = await this.#take(running, account, push)
      if (this.#options.isLastOnly ?? this.#device.service.startsWith('apns')) {
        running.upkeep.owe([...running.accounts.values()])
      }
      return received
    } catch (error) {
      running.upkeep.owe([account])
      throw error
    }
  }

  /** Follows the push service, which has given the device another token: subscribes with it, then withdraws the old one. Throws a `ClientError`. */
  async changeDevice(device: PushDevice, signal?: AbortSignal): Promise<void> {
    const old = this.#device
    this.#device = device
    const running = this.#running
    if (running === undefined) return
    await running.upkeep.changeDevice(device)
    const owners = this.#options.sources.map(({ signer }) => ({ owner: signer, ...old }))
    await this.#parts.push.unsubscribeAll(owners, { signal })
  }

  async #take({ delivery, controller }: Running, { reader }: FastAccount, push: DecryptedPush): Promise<Received> {
    if (push.kind === 'hint' || delivery.waiting >= MAX_WAITING) {
      await reader.read({ signal: controller.signal })
      return 'fetched'
    }
    const { account, namespace, hash, timestamp, expiry, body } = push
    return delivery.deliver({ account, namespace, hash, timestamp, expiry, body, way: 'push' })
  }

  #open(handler: NoticeHandler): Running {
    const controller = new AbortController()
    const { signal } = controller
    const delivery = new NoticeDelivery(handler, this.#seen, signal)
    const accounts = this.#options.sources.map((source) => {
      return { source, reader: new MailboxReader(source, delivery, this.#cursors, this.#parts.openMailboxes) }
    })
    const upkeep = new FastModeUpkeep(this.#parts, { ...this.#options, device: this.#device }, accounts, signal)
    const byId = accounts.map((account): [string, FastAccount] => [account.source.signer.account.hex, account])
    return { controller, delivery, upkeep, accounts: new Map(byId) }
  }
}
