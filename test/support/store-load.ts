import { setTimeout as sleep } from 'node:timers/promises'
import { nativeCrypto } from '#crypto/native/index'
import { type AccountId, buildUnsignedStore, messageHash, type RequestSigner, userSigner } from '#protocol'
import { until } from './backends/probe.ts'
import type { PlainRpc } from './plain-rpc.ts'

/** A message that a node has acknowledged. */
export interface Acknowledged {
  /** 66 hex digits. */
  readonly account: string
  readonly hash: string
  readonly writer: number
  /** The writer's own count: it sent this one after it had the answers to all lower ones. */
  readonly number: number
}

export interface StoreLoadOptions {
  readonly rpc: PlainRpc
  readonly portsOf: (account: AccountId) => readonly number[]
  readonly users: readonly RequestSigner[]
  readonly writers: number
}

const MESSAGE = 1_000
const DAY_MS = 86_400_000
/** What a writer does after a failure, so that an outage is not a busy loop. */
const PAUSE_MS = 10
const PROGRESS_MS = 30_000

export function randomUsers(count: number): RequestSigner[] {
  return Array.from({ length: count }, () => userSigner(nativeCrypto, nativeCrypto.randomBytes(32)))
}

/** Writers that store distinct messages without pause and never repeat one, whatever has become of it. */
export class StoreLoad {
  readonly #options: StoreLoadOptions
  readonly #writing: Promise<void>[]
  #isStopped = false
  #failed = 0
  /** In the order in which the answers came. */
  readonly acknowledged: Acknowledged[] = []
  /** Hashes of all messages that were sent, acknowledged or not. */
  readonly attempted = new Set<string>()
  /** How often what happened instead of an acknowledgement: status and text, or that there was no answer. */
  readonly failures = new Map<string, number>()

  /** Starts at once. */
  constructor(options: StoreLoadOptions) {
    this.#options = options
    this.#writing = Array.from({ length: options.writers }, (_, writer) => this.#write(writer))
  }

  /** Waits until this many more messages are acknowledged. */
  async untilAcknowledged(more: number): Promise<void> {
    const wanted = this.acknowledged.length + more
    await this.#untilOrThrow(() => this.acknowledged.length >= wanted, 'no further message is acknowledged')
  }

  /** Waits until this many more messages are refused or get no answer. */
  async untilFailed(more: number): Promise<void> {
    const wanted = this.#failed + more
    await this.#untilOrThrow(() => this.#failed >= wanted, 'every message is acknowledged')
  }

  /** Sends nothing more, and waits for the answers that are due. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#writing)
  }

  async #write(writer: number): Promise<void> {
    const { users } = this.#options
    for (let number = 0; !this.#isStopped; number++) {
      const user = users[Math.floor(Math.random() * users.length)] as RequestSigner
      const failure = await this.#store(user.account, writer, number)
      if (failure === undefined) continue
      this.#failed++
      this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1)
      await sleep(PAUSE_MS)
    }
  }

  /** What happened instead of an acknowledgement, if anything. */
  async #store(account: AccountId, writer: number, number: number): Promise<string | undefined> {
    const { rpc, portsOf } = this.#options
    const data = nativeCrypto.randomBytes(MESSAGE)
    const expected = messageHash(nativeCrypto, account, 0, data)
    const ports = portsOf(account)
    const port = ports[number % ports.length] as number
    this.attempted.add(expected)
    try {
      const request = buildUnsignedStore(account, { namespace: 0, timestamp: Date.now(), ttl: DAY_MS, data })
      const { status, body } = await rpc.call(port, request)
      if (status !== 200) return `${status} ${body.trim()}`
      const { hash } = JSON.parse(body) as { readonly hash: string }
      if (hash !== expected) return 'another hash was acknowledged'
      this.acknowledged.push({ account: account.hex, hash, writer, number })
      return undefined
    } catch {
      // The connection broke, or the answer took too long: what has become of the message nobody knows.
      return 'no answer'
    }
  }

  async #untilOrThrow(condition: () => boolean, complaint: string): Promise<void> {
    if (await until(async () => condition(), PROGRESS_MS)) return
    throw new Error(`${complaint}: ${JSON.stringify([...this.failures])}`)
  }
}
