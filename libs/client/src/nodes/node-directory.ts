import type { ClientEnvironment } from '../environment.ts'
import { ClientError, TransportError } from '../errors.ts'
import { type Outcome, retry, type RetryPolicy } from '../retry/retry.ts'
import { DirectoryUnavailableError } from './errors.ts'
import type { NetworkDescription, NodeSource } from './node-source.ts'
import type { OnionNode } from './onion-node.ts'

/** Failures in a row after which a node is dropped (onion requests §8.2). */
export const STRIKES = 3
/** Age in milliseconds after which the list is fetched again (onion requests §10.4). */
export const LIST_LIFETIME_MS = 2 * 60 * 60 * 1000

const LOADING: RetryPolicy = { tries: 4, pauseMs: 250, longestPauseMs: 2_000 }
const LOADING_DEADLINE_MS = 30_000

/** The nodes this client knows and what it thinks of them. */
export class NodeDirectory {
  readonly #environment: ClientEnvironment
  readonly #source: NodeSource
  readonly #strikes = new Map<string, number>()
  readonly #dropped = new Set<string>()
  #network: NetworkDescription | undefined
  #loadedAt = 0
  #loading: Promise<NetworkDescription> | undefined

  constructor(environment: ClientEnvironment, source: NodeSource) {
    this.#environment = environment
    this.#source = source
  }

  /** The network as last fetched, fetched now if it never was or is too old. Throws `DirectoryUnavailableError`. */
  async network(): Promise<NetworkDescription> {
    const fresh = this.#environment.now() - this.#loadedAt < LIST_LIFETIME_MS
    return this.#network !== undefined && fresh ? this.#network : this.refresh()
  }

  /** Fetches the list again and forgives every node. Calls at the same time share one fetch. */
  refresh(): Promise<NetworkDescription> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
    return this.#loading
  }

  /** The nodes that are not dropped. */
  async nodes(): Promise<readonly OnionNode[]> {
    const { nodes } = await this.network()
    return nodes.filter((node) => !this.#dropped.has(node.ed25519))
  }

  /** Counts one failure of a node; drops it at the third in a row. */
  strike(ed25519: string): void {
    const strikes = (this.#strikes.get(ed25519) ?? 0) + 1
    this.#strikes.set(ed25519, strikes)
    if (strikes >= STRIKES) this.drop(ed25519)
  }

  /** Forgets the failures of a node that has done its work. */
  forgive(ed25519: string): void {
    this.#strikes.delete(ed25519)
  }

  /** Uses a node no more until the list is fetched again. */
  drop(ed25519: string): void {
    this.#dropped.add(ed25519)
  }

  /** Whether a node is dropped. */
  isDropped(ed25519: string): boolean {
    return this.#dropped.has(ed25519)
  }

  async #load(): Promise<NetworkDescription> {
    const limits = { deadlineAt: this.#environment.now() + LOADING_DEADLINE_MS }
    const network = await retry(this.#environment, LOADING, limits, () => this.#attempt())
    this.#network = network
    this.#loadedAt = this.#environment.now()
    this.#strikes.clear()
    this.#dropped.clear()
    return network
  }

  async #attempt(): Promise<Outcome<NetworkDescription>> {
    try {
      return { kind: 'done', value: await this.#source.load() }
    } catch (error) {
      if (error instanceof TransportError) {
        return { kind: 'retry', error: new DirectoryUnavailableError({ cause: error }) }
      }
      if (error instanceof ClientError) return { kind: 'retry', error }
      throw error
    }
  }
}
