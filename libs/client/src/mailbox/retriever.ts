import {
  buildRetrieve,
  buildUnsignedRetrieve,
  encodeRequest,
  type RetrieveOptions,
  type RetrieveRequest,
} from '#protocol'
import type { OnionNode } from '../nodes/onion-node.ts'
import { judgeNodeAnswer, type NodeAnswer } from '../onion/node-verdict.ts'
import type { Cursors } from './cursors.ts'
import { accountOf, isSigner, type MailboxOwner } from './mailbox-owner.ts'
import type { CallOptions, NodeCaller, NodeCallerParts } from './node-caller.ts'
import { readPage, type RetrievedPage } from './replies/page.ts'
import { readParts } from './replies/parts.ts'

/** What to retrieve. A caller that gives `lastHash` keeps its own cursor: `''` reads from the beginning. */
export interface RetrieveWish {
  readonly namespace: number
  readonly lastHash?: string
  /** At most so many messages. */
  readonly maxCount?: number
  /** At most so many bytes; −k for the k-th part of the maximum. */
  readonly maxSize?: number
  /** How long the node may hold the request while there is nothing new, in milliseconds, at most 20,000. */
  readonly wait?: number
}

/** One part of a batch: its page, or the status with which the node refuses it. */
export type BatchPart =
  | { readonly kind: 'page'; readonly page: RetrievedPage }
  | { readonly kind: 'refused'; readonly namespace: number; readonly status: number }

/** Time for a try besides the time the node may wait, in milliseconds (onion requests §8.4). */
const TRY_TIMEOUT_MS = 10_000
/** In parts of a batch these two say that the whole request must be made anew: clock and swarm. */
const CURABLE = new Set([406, 421, 425])
const REFUSALS = Array.from({ length: 500 }, (_, index) => index + 100).filter((status) => !CURABLE.has(status))

/** Reads mailboxes, with a cursor for every node and namespace, since each node has an order of its own (mailbox RPC §4.2). */
export class Retriever {
  readonly #parts: NodeCallerParts
  readonly #caller: NodeCaller
  readonly #cursors: Cursors

  constructor(parts: NodeCallerParts, caller: NodeCaller, cursors: Cursors) {
    this.#parts = parts
    this.#caller = caller
    this.#cursors = cursors
  }

  async retrieve(owner: MailboxOwner, wish: RetrieveWish, options?: CallOptions): Promise<RetrievedPage> {
    return this.#caller.call(
      {
        account: accountOf(owner),
        rpc: async (node) => encodeRequest(await this.#build(owner, wish, node)),
        read: ({ body }, node) => this.#read(owner, wish, body, node),
      },
      withTimeFor([wish], options),
    )
  }

  async batch(
    owner: MailboxOwner,
    wishes: readonly RetrieveWish[],
    options?: CallOptions,
  ): Promise<readonly BatchPart[]> {
    return this.#caller.call(
      {
        account: accountOf(owner),
        rpc: async (node) => {
          const requests = await Promise.all(wishes.map((wish) => this.#build(owner, wish, node)))
          return { ...encodeRequest({ method: 'batch', requests }), allowedParts: REFUSALS }
        },
        read: ({ body }, node) => this.#readParts(owner, wishes, readParts(body, wishes.length), node),
      },
      withTimeFor(wishes, options),
    )
  }

  async #build(owner: MailboxOwner, wish: RetrieveWish, node: OnionNode): Promise<RetrieveRequest> {
    const { lastHash, ...others } = wish
    const from = lastHash ?? (await this.#cursors.get(cursorKey(owner, wish, node)))
    const options: RetrieveOptions = { ...others, ...(from !== undefined && from !== '' && { lastHash: from }) }
    return isSigner(owner)
      ? buildRetrieve(owner, { wait: 0, ...options }, this.#parts.clock.now())
      : buildUnsignedRetrieve(owner, options)
  }

  async #read(owner: MailboxOwner, wish: RetrieveWish, body: unknown, node: OnionNode): Promise<RetrievedPage> {
    const page = readPage(this.#parts.environment.crypto, accountOf(owner), wish.namespace, body)
    if (wish.lastHash === undefined && page.lastHash !== undefined) {
      await this.#cursors.set(cursorKey(owner, wish, node), page.lastHash)
    }
    return page
  }

  /** When all parts are refused alike, that counts as the answer to the whole (onion requests §8.3). */
  async #readParts(
    owner: MailboxOwner,
    wishes: readonly RetrieveWish[],
    parts: readonly NodeAnswer[],
    node: OnionNode,
  ): Promise<readonly BatchPart[]> {
    const [first] = parts
    if (first !== undefined && parts.every(({ status }) => status === first.status)) {
      const verdict = judgeNodeAnswer(first, [])
      if (verdict.kind === 'retry') this.#parts.directory.strike(node.ed25519)
      if (verdict.kind !== 'done') throw verdict.error
    }
    const read: BatchPart[] = []
    for (const [index, wish] of wishes.entries()) {
      const { status, body } = parts[index] ?? { status: 0, body: undefined }
      if (status !== 200) read.push({ kind: 'refused', namespace: wish.namespace, status })
      else read.push({ kind: 'page', page: await this.#read(owner, wish, body, node) })
    }
    return read
  }
}

function cursorKey(
  owner: MailboxOwner,
  { namespace }: RetrieveWish,
  { ed25519 }: OnionNode,
): { account: string; node: string; namespace: number } {
  return { account: accountOf(owner).hex, node: ed25519, namespace }
}

function withTimeFor(wishes: readonly RetrieveWish[], options: CallOptions = {}): CallOptions {
  const wait = Math.max(0, ...wishes.map((wish) => wish.wait ?? 0))
  return { ...options, timeoutMs: (options.timeoutMs ?? TRY_TIMEOUT_MS) + wait }
}
