import { type AccountId } from '#protocol'
import type { ClientEnvironment } from '../environment.ts'
import { ClientError } from '../errors.ts'
import { type NodeDirectory } from '../nodes/node-directory.ts'
import type { OnionNode } from '../nodes/onion-node.ts'
import {
  NodeFailedError,
  NodeGoneError,
  NodeRejectedError,
  PathFailedError,
  ReplyUnreadableError,
} from '../onion/errors.ts'
import { type OnionSender } from '../onion/onion-sender.ts'
import type { SendOptions } from '../onion/send-options.ts'
import { retry, type Outcome, type RetryPolicy } from '../retry/retry.ts'
import { type ClockOffset } from './clock-offset.ts'
import { MailboxReplyError, SwarmUnavailableError } from './errors.ts'
import { readSwarm } from './replies/swarm.ts'
import { timeIn } from './replies/times.ts'

/** Usable nodes below which a swarm is asked for again (mailbox RPC §11). */
const WANTED_NODES = 3
const FETCHING: RetryPolicy = { tries: 4, pauseMs: 100, longestPauseMs: 2_000 }
const FETCH_DEADLINE_MS = 40_000

export interface SwarmOptions {
  /** How long a swarm is remembered, in milliseconds; default one hour. */
  readonly lifetimeMs?: number
  /** How many swarms are remembered; default 1,000. */
  readonly capacity?: number
}

export interface SwarmDirectoryParts {
  readonly environment: ClientEnvironment
  readonly directory: NodeDirectory
  readonly sender: Pick<OnionSender, 'sendToNode'>
  /** Learns the network's time from the answers. */
  readonly clock: ClockOffset
}

/** The nodes that serve an account, as the network names them. */
export interface Swarm {
  /** Id in hex, without leading zeros; undefined when the swarm was learnt from a 421. */
  readonly id: string | undefined
  readonly nodes: readonly OnionNode[]
}

interface Remembered {
  readonly id: string | undefined
  /** Ed25519 keys. */
  readonly keys: readonly string[]
  readonly fetchedAt: number
  /** How many of the nodes were usable when they were named. */
  readonly usable: number
}

/** Which nodes serve which account (mailbox RPC §4.13); only nodes of the node list count. */
export class SwarmDirectory {
  readonly #parts: SwarmDirectoryParts
  readonly #options: Required<SwarmOptions>
  readonly #remembered = new Map<string, Remembered>()

  constructor(parts: SwarmDirectoryParts, options: SwarmOptions = {}) {
    this.#parts = parts
    this.#options = { lifetimeMs: 3_600_000, capacity: 1_000, ...options }
  }

  /** The usable nodes of an account's swarm, asked for if need be. Throws `SwarmUnavailableError` and what sending throws. */
  async swarmOf(account: AccountId, options?: SendOptions): Promise<Swarm> {
    const known = this.#remembered.get(account.hex)
    if (known !== undefined && this.#parts.environment.now() - known.fetchedAt < this.#options.lifetimeMs) {
      const nodes = await this.#usable(known.keys)
      if (nodes.length >= Math.max(1, Math.min(WANTED_NODES, known.usable))) return { id: known.id, nodes }
    }
    const fetched = await this.#fetch(account, options ?? {})
    const nodes = await this.#usable(fetched.keys)
    if (nodes.length > 0) return { id: fetched.id, nodes }
    // All of them have failed; a new list forgives them, for there is nobody else to ask.
    await this.#parts.directory.refresh()
    const second = await this.#usable(fetched.keys)
    if (second.length === 0) throw new SwarmUnavailableError()
    return { id: fetched.id, nodes: second }
  }

  /** Takes over the swarm, Ed25519 keys in hex, that a 421 names; forgets the old one when none of its nodes is usable. */
  async replace(account: AccountId, keys: readonly string[]): Promise<void> {
    const { length: usable } = await this.#usable(keys)
    if (usable === 0) this.forget(account)
    else this.#remember(account, { id: undefined, keys, usable, fetchedAt: this.#parts.environment.now() })
  }

  /** Takes one node out of an account's swarm. */
  drop(account: AccountId, node: string): void {
    const known = this.#remembered.get(account.hex)
    if (known !== undefined) {
      this.#remembered.set(account.hex, { ...known, keys: known.keys.filter((key) => key !== node) })
    }
  }

  /** The swarm is asked for anew the next time. */
  forget(account: AccountId): void {
    this.#remembered.delete(account.hex)
  }

  async #usable(keys: readonly string[]): Promise<readonly OnionNode[]> {
    const nodes = await this.#parts.directory.nodes()
    return nodes.filter((node) => keys.includes(node.ed25519))
  }

  #remember(account: AccountId, swarm: Remembered): void {
    this.#remembered.delete(account.hex)
    this.#remembered.set(account.hex, swarm)
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > this.#options.capacity && oldest !== undefined) this.#remembered.delete(oldest)
  }

  async #fetch(account: AccountId, options: SendOptions): Promise<Remembered> {
    const { environment } = this.#parts
    const deadlineAt = environment.now() + Math.min(options.deadlineMs ?? FETCH_DEADLINE_MS, FETCH_DEADLINE_MS)
    const asked = new Set<string>()
    const limits = { signal: options.signal, deadlineAt }
    return retry(environment, FETCHING, limits, (remainingMs) =>
      this.#ask(account, asked, { ...options, deadlineMs: remainingMs }),
    )
  }

  /** Asks any node that was not asked before; its failure is no reason not to ask another. */
  async #ask(account: AccountId, asked: Set<string>, options: SendOptions): Promise<Outcome<Remembered>> {
    const { environment, directory, sender, clock } = this.#parts
    const nodes = await directory.nodes()
    const others = nodes.filter((node) => !asked.has(node.ed25519))
    const node = others[Math.floor(environment.random() * others.length)]
    if (node === undefined) return { kind: 'abort', error: new SwarmUnavailableError() }
    asked.add(node.ed25519)
    try {
      const rpc = { method: 'get_swarm', params: { pubkey: account.hex }, hasAlternatives: true }
      const sentAt = environment.now()
      const { body } = await sender.sendToNode(node, rpc, options)
      clock.observe(timeIn(body), sentAt)
      const { id, keys } = readSwarm(body)
      if (!(await this.#isListed(keys))) return { kind: 'retry', error: new SwarmUnavailableError() }
      const { length: usable } = await this.#usable(keys)
      const swarm = { id, keys, usable, fetchedAt: environment.now() }
      this.#remember(account, swarm)
      return { kind: 'done', value: swarm }
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      return { kind: isOfNode(error) ? 'retry' : 'abort', error }
    }
  }

  async #isListed(keys: readonly string[]): Promise<boolean> {
    const { nodes } = await this.#parts.directory.network()
    return nodes.some((node) => keys.includes(node.ed25519))
  }
}

function isOfNode(error: ClientError): boolean {
  return (
    error instanceof NodeFailedError ||
    error instanceof NodeRejectedError ||
    error instanceof NodeGoneError ||
    error instanceof ReplyUnreadableError ||
    error instanceof MailboxReplyError ||
    error instanceof PathFailedError
  )
}
