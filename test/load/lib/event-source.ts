import { nativeCrypto } from '#crypto/native/index'
import { PUSH_BODY, storedMessage } from './push-accounts.ts'
import type { BenchRelay } from './push-relay.ts'

/** Publications under way at most: what is offered beyond must not pile up in memory before it is stored. */
const MOST_UNDER_WAY = 4_096

/** Publishes events about messages of accounts in turn, each with a hash of its own. */
export class EventSource {
  readonly #relay: BenchRelay
  readonly #accounts: number
  readonly #body = nativeCrypto.randomBytes(PUSH_BODY)
  readonly #underWay = new Set<Promise<void>>()
  #published = 0

  constructor(relay: BenchRelay, accounts: number) {
    this.#relay = relay
    this.#accounts = accounts
  }

  /** How many it has been told to publish, all in all. */
  get published(): number {
    return this.#published
  }

  /** Publishes one more; a promise when that one has to wait for another. */
  publish(): Promise<void> | undefined {
    const number = this.#published++
    const published = this.#relay
      .publish(storedMessage(number % this.#accounts, number, this.#body, Date.now()))
      .then(() => void this.#underWay.delete(published))
    this.#underWay.add(published)
    return this.#underWay.size < MOST_UNDER_WAY ? undefined : Promise.race(this.#underWay)
  }

  /** Publishes so many as fast as they are stored, and resolves when all are. */
  async publishAll(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const wait = this.publish()
      if (wait !== undefined) await wait
    }
    await this.stored()
  }

  /** Resolves when everything published so far is stored. */
  async stored(): Promise<void> {
    await Promise.all(this.#underWay)
  }
}
