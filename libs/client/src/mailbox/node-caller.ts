import { type AccountId } from '#protocol'
import type { ClientEnvironment } from '../environment.ts'
import { ClientError } from '../errors.ts'
import { type NodeDirectory } from '../nodes/node-directory.ts'
import type { OnionNode } from '../nodes/onion-node.ts'
import {
  ClockOutOfSyncError,
  NodeFailedError,
  NodeGoneError,
  PathFailedError,
  ReplyUnreadableError,
  WrongSwarmError,
} from '../onion/errors.ts'
import type { NodeAnswer } from '../onion/node-verdict.ts'
import { type NodeRpc, type OnionSender } from '../onion/onion-sender.ts'
import type { SendOptions } from '../onion/send-options.ts'
import { type Outcome, retry, type RetryPolicy } from '../retry/retry.ts'
import { type ClockOffset } from './clock-offset.ts'
import { MailboxReplyError, NodeUnknownError, SwarmUnavailableError } from './errors.ts'
import { timeIn } from './replies/times.ts'
import { type SwarmDirectory } from './swarm-directory.ts'

const CALLING: RetryPolicy = { tries: 3, pauseMs: 200, longestPauseMs: 5_000 }
const DEADLINE_MS = 60_000
/** How many nodes are asked for the time after a 406 (onion requests §8.3). */
const CLOCK_NODES = 3

/** How one call may differ from others. */
export interface CallOptions extends SendOptions {
  /** Ed25519 key in hex of the node to ask; no other is asked instead. */
  readonly node?: string | undefined
}

/** A call, made anew for each try since it is signed for a time and may differ from node to node. */
export interface Call<T> {
  /** Whose swarm is asked; any node when undefined. */
  readonly account?: AccountId | undefined
  readonly rpc: (node: OnionNode) => NodeRpc | Promise<NodeRpc>
  /** What the answer says. Throws a `ClientError`; after a `MailboxReplyError` or a `NodeFailedError` another node is asked. */
  readonly read: (answer: NodeAnswer, node: OnionNode) => T | Promise<T>
}

export interface NodeCallerParts {
  readonly environment: ClientEnvironment
  readonly directory: NodeDirectory
  readonly sender: Pick<OnionSender, 'sendToNode'>
  readonly swarms: SwarmDirectory
  readonly clock: ClockOffset
}

/** What a call has learnt from its tries so far. */
interface Progress {
  readonly failed: Set<string>
  hasSetClock: boolean
}

/**
 * Calls nodes with the reactions of onion requests §8.2: after a failure another node of the swarm is asked, a 421 corrects the swarm, a 406
 * or 425 the clock, once; 400 and 401 end the call. Every answer sets the clock.
 */
export class NodeCaller {
  readonly #parts: NodeCallerParts
  /** The node that answered last, by account: its cursors fit best. */
  readonly #preferred = new Map<string, string>()

  constructor(parts: NodeCallerParts) {
    this.#parts = parts
  }

  /** Makes a call, in at most three tries. Throws a `ClientError`. */
  async call<T>(call: Call<T>, options: CallOptions = {}): Promise<T> {
    const { environment } = this.#parts
    const deadlineAt = environment.now() + (options.deadlineMs ?? DEADLINE_MS)
    const limits = { signal: options.signal, deadlineAt }
    const progress: Progress = { failed: new Set(), hasSetClock: false }
    return retry(environment, CALLING, limits, async (remainingMs) =>
      this.#attempt(call, { ...options, deadlineMs: remainingMs }, progress),
    )
  }

  /** `count` different nodes at random that are not in `without`; fewer when there are not so many. */
  async anyNodes(count: number, without: ReadonlySet<string> = new Set()): Promise<readonly OnionNode[]> {
    const left = (await this.#parts.directory.nodes()).filter((node) => !without.has(node.ed25519))
    const picked: OnionNode[] = []
    while (picked.length < count && left.length > 0) {
      picked.push(...left.splice(Math.floor(this.#parts.environment.random() * left.length), 1))
    }
    return picked
  }

  async #attempt<T>(call: Call<T>, options: CallOptions, progress: Progress): Promise<Outcome<T>> {
    const { environment, sender, clock, directory } = this.#parts
    let node: OnionNode | undefined
    try {
      node = await this.#pick(call, options, progress)
      const rpc = await call.rpc(node)
      const sentAt = environment.now()
      const answer = await sender.sendToNode(node, { ...rpc, hasAlternatives: true }, options)
      clock.observe(timeIn(answer.body), sentAt)
      const value = await call.read(answer, node)
      this.#prefer(call, node)
      return { kind: 'done', value }
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      if (node === undefined) return { kind: 'abort', error }
      if (error instanceof MailboxReplyError) directory.strike(node.ed25519)
      return this.#react(call, { node, error, options, progress })
    }
  }

  async #react<T>(
    { account }: Call<T>,
    failure: { node: OnionNode; error: ClientError; options: CallOptions; progress: Progress },
  ): Promise<Outcome<T>> {
    const { node, error, options, progress } = failure
    const { swarms } = this.#parts
    if (error instanceof ClockOutOfSyncError) {
      if (progress.hasSetClock) return { kind: 'abort', error }
      progress.hasSetClock = true
      return { kind: (await this.#setClock(options)) ? 'retry' : 'abort', error }
    }
    if (options.node !== undefined) return { kind: 'abort', error }
    if (error instanceof WrongSwarmError) {
      progress.failed.add(node.ed25519)
      if (account === undefined) return { kind: 'abort', error }
      if (error.swarm.length > 0) await swarms.replace(account, error.swarm)
      else swarms.drop(account, node.ed25519)
      return { kind: 'retry', error }
    }
    progress.failed.add(node.ed25519)
    return { kind: isCuredElsewhere(error) ? 'retry' : 'abort', error }
  }

  async #pick<T>({ account }: Call<T>, options: CallOptions, { failed }: Progress): Promise<OnionNode> {
    const { directory, swarms, environment } = this.#parts
    if (options.node !== undefined) {
      const key = options.node.toLowerCase()
      const node = (await directory.network()).nodes.find((one) => one.ed25519 === key)
      if (node === undefined) throw new NodeUnknownError()
      return node
    }
    if (account === undefined) {
      const [node] = await this.anyNodes(1, failed)
      if (node === undefined) throw new SwarmUnavailableError()
      return node
    }
    const { nodes } = await swarms.swarmOf(account, options)
    const others = nodes.filter((node) => !failed.has(node.ed25519))
    const pool = others.length > 0 ? others : nodes
    const preferred = pool.find((node) => node.ed25519 === this.#preferred.get(account.hex))
    const node = preferred ?? pool[Math.floor(environment.random() * pool.length)]
    if (node === undefined) throw new SwarmUnavailableError()
    return node
  }

  #prefer<T>({ account }: Call<T>, node: OnionNode): void {
    if (account === undefined) return
    this.#preferred.delete(account.hex)
    this.#preferred.set(account.hex, node.ed25519)
    const [oldest] = this.#preferred.keys()
    if (this.#preferred.size > PREFERRED_CAPACITY && oldest !== undefined) this.#preferred.delete(oldest)
  }

  /** Learns the time anew from three nodes; false when none of them tells it. */
  async #setClock({ signal, deadlineMs }: CallOptions): Promise<boolean> {
    const { environment, sender, clock } = this.#parts
    const rpc: NodeRpc = { method: 'info', params: {}, hasAlternatives: true }
    const limits = { signal, ...(deadlineMs !== undefined && { deadlineMs }) }
    const times = await Promise.all(
      (await this.anyNodes(CLOCK_NODES)).map(async (node) => {
        const sentAt = environment.now()
        try {
          const { body } = await sender.sendToNode(node, rpc, limits)
          return { time: timeIn(body), sentAt }
        } catch (error) {
          if (error instanceof ClientError) return undefined
          throw error
        }
      }),
    )
    const known = times.filter((one) => one?.time !== undefined)
    if (known.length === 0) return false
    clock.reset()
    for (const one of known) clock.observe(one?.time, one?.sentAt ?? environment.now())
    return true
  }
}

const PREFERRED_CAPACITY = 1_000

function isCuredElsewhere(error: ClientError): boolean {
  return (
    error instanceof NodeFailedError ||
    error instanceof NodeGoneError ||
    error instanceof MailboxReplyError ||
    error instanceof PathFailedError ||
    error instanceof ReplyUnreadableError
  )
}
