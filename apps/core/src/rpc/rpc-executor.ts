import type { Crypto } from '#crypto'
import {
  type AccountRequest,
  activeNodesBinReply,
  batchReply,
  checkRequest,
  conditionsHold,
  continuesSequence,
  errorReply,
  getSwarmReply,
  type IfElseRequest,
  ifElseReply,
  infoReply,
  isAccountRequest,
  type KeyCheck,
  type MailboxRequest,
  MAX_RETRIEVE_SIZE,
  needsRevocations,
  type NetworkState,
  pageLimits,
  type ReplyContext,
  revokedIn,
  RpcError,
  type RpcReply,
  type SimpleRequest,
  STORAGE_UNAVAILABLE,
  type SwarmBody,
  swarmBody,
  wrongSwarm,
} from '#protocol'
import { StoreError } from '#stores'
import type { ServedNode, SwarmNetwork } from '../network.ts'
import { withKnownSignature } from '../signatures/known-signature.ts'
import type { WaitingRoom } from '../waiting/waiting-room.ts'
import type { MethodContext } from './account-method.ts'
import { answerWhenNews } from './answer-when-news.ts'
import { runAccountMethod } from './methods/index.ts'
import type { OxendRequests } from './oxend-requests.ts'

export interface RpcExecutorParts {
  readonly crypto: Crypto
  readonly network: SwarmNetwork
  readonly context: MethodContext
  readonly room: WaitingRoom
  readonly oxend: OxendRequests
  readonly isKeyOfUser: KeyCheck
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** What the network is said to be at this time in milliseconds. */
  readonly stateAt: (now: number) => NetworkState
  /** Largest reply in bytes, about: pages of several `retrieve` in one request share it. */
  readonly replyLimit: number
  /** Hears of errors that are nobody's answer. */
  readonly failed: (error: unknown) => void
}

/** Runs parsed requests as one of the own nodes. What is wrong with a request is an answer; nothing rejects. */
export class RpcExecutor {
  constructor(private readonly parts: RpcExecutorParts) {}

  /** Answers a request; one that waits for messages is answered when some are there or its time is over. */
  async run(request: MailboxRequest, node: ServedNode): Promise<RpcReply> {
    if (request.method === 'batch') return batchReply(await this.#together(request.requests, node))
    if (request.method === 'sequence') return batchReply(await this.#oneAfterTheOther(request.requests, node))
    if (request.method === 'ifelse') return this.#branch(request, node)
    const [reply] = await this.#together([request], node)
    return reply as RpcReply
  }

  async #branch(request: IfElseRequest, node: ServedNode): Promise<RpcReply> {
    const state = this.parts.stateAt(this.parts.now())
    const condition = conditionsHold(request.conditions, state)
    const branch = condition ? request.then : request.else
    return ifElseReply(state, condition, branch && (await this.run(branch, node)))
  }

  async #oneAfterTheOther(requests: readonly SimpleRequest[], node: ServedNode): Promise<RpcReply[]> {
    const replies: RpcReply[] = []
    const share = this.#pageShare(requests)
    for (const request of requests) {
      const [reply] = await this.#together([request], node, share)
      replies.push(reply as RpcReply)
      if (!continuesSequence(reply as RpcReply)) break
    }
    return replies
  }

  #together(
    requests: readonly SimpleRequest[],
    node: ServedNode,
    pageShare = this.#pageShare(requests),
  ): Promise<readonly RpcReply[]> {
    const arrivedAt = this.parts.now()
    return answerWhenNews(requests, this.parts.room, (request, isRepeated) =>
      this.#answer(() => this.#one(request, { node, arrivedAt, isRepeated, pageShare })),
    )
  }

  async #answer(work: () => Promise<RpcReply>): Promise<RpcReply> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof RpcError) return errorReply(error)
      this.parts.failed(error)
      if (error instanceof StoreError) return { status: 503, body: STORAGE_UNAVAILABLE }
      return { status: 500, body: 'request failed' }
    }
  }

  async #one(request: SimpleRequest, asked: Asked): Promise<RpcReply> {
    if (isAccountRequest(request)) return this.#ofAccount(request, asked)
    const context = this.#replyContext(asked)
    switch (request.method) {
      case 'info':
        return infoReply(context, this.parts.stateAt(context.now).version)
      case 'get_swarm':
        return getSwarmReply(this.#describeSwarm(request.account.key, context))
      case 'active_nodes_bin':
        return activeNodesBinReply(this.parts.network.nodes)
      case 'oxend_request':
        return this.parts.oxend.answer(request, context)
    }
  }

  async #ofAccount(request: AccountRequest, asked: Asked): Promise<RpcReply> {
    const { crypto, network, context, isKeyOfUser } = this.parts
    const { account } = request
    const { node } = asked
    const replyContext = this.#replyContext(asked)
    if (network.swarmOf(account.key) !== node.swarmId) throw wrongSwarm(this.#describeSwarm(account.key, replyContext))
    const asksRevocations = needsRevocations(request)
    // A request that has waited was found to be permitted when it came, but its token can have been revoked since.
    if (!asked.isRepeated || asksRevocations) {
      const revoked = asksRevocations ? await context.mailboxes.revokedTokens(account.hex) : []
      const { hardFork } = replyContext
      const knowing = await withKnownSignature(crypto, context.signatures, request)
      checkRequest(knowing, request, { now: asked.arrivedAt, hardFork, isKeyOfUser, isRevoked: revokedIn(revoked) })
    }
    const { signers, key: entryNode } = node
    return runAccountMethod(context, request, { ...replyContext, signers, entryNode, pageShare: asked.pageShare })
  }

  #replyContext({ arrivedAt, isRepeated }: Asked): ReplyContext {
    const now = isRepeated ? this.parts.now() : arrivedAt
    return { now, hardFork: this.parts.stateAt(now).hardFork }
  }

  #describeSwarm(key: Uint8Array, context: ReplyContext): SwarmBody {
    const { network } = this.parts
    const swarm = network.swarmOf(key)
    return swarmBody(swarm, swarm === undefined ? [] : network.membersOf(swarm), context)
  }

  #pageShare(requests: readonly SimpleRequest[]): number {
    let wanted = 0
    for (const request of requests) {
      if (request.method === 'retrieve') wanted += pageLimits(request.maxCount, request.maxSize).size
    }
    return wanted <= this.parts.replyLimit ? 1 : this.parts.replyLimit / wanted
  }
}

/** Under which circumstances one request runs. */
interface Asked {
  readonly node: ServedNode
  readonly arrivedAt: number
  /** Whether it ran before, without news. */
  readonly isRepeated: boolean
  readonly pageShare: number
}

/** The reply limit with which every single `retrieve` gets the whole page of the specification (mailbox RPC §4.2). */
export const WHOLE_PAGE_LIMIT = MAX_RETRIEVE_SIZE
