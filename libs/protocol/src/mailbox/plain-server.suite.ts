import { type Crypto, type Ed25519Signer } from '#crypto'
import { type NodeRecord, parseGetServiceNodesParams, serviceNodesResult, type StorageVersion } from '../nodes/index.ts'
import {
  type AccountId,
  type AccountRequest,
  activeNodesBinReply,
  type AffectedMessages,
  batchReply,
  bulkEntries,
  type BulkRequest,
  checkRequest,
  conditionsHold,
  continuesSequence,
  deleteEntries,
  deleteReply,
  errorReply,
  expireEntries,
  fillPage,
  getExpiriesReply,
  getSwarmReply,
  ifElseReply,
  infoReply,
  isAccountRequest,
  isPublicOutbox,
  type MailboxRequest,
  messageHash,
  oxendReply,
  pageLimits,
  parseMailboxRequest,
  planExpire,
  replyJson,
  type RetrieveRequest,
  retrieveReply,
  type RevocationList,
  revokedIn,
  revokedSubaccountsReply,
  revokeEntries,
  revokeTokens,
  RpcError,
  type RpcReply,
  storeEntries,
  storeReply,
  type StoreRequest,
  type SwarmBody,
  swarmBody,
  SwarmMap,
  type SwarmNode,
  swarmReply,
  unrevokeEntries,
  unrevokeTokens,
  wrongSwarm,
} from './index.ts'

interface StoredMessage {
  readonly hash: string
  readonly namespace: number
  readonly timestamp: number
  readonly data: Uint8Array
  expiry: number
}

interface Mailbox {
  messages: StoredMessage[]
  revoked: RevocationList
}

/** A node with its keys. */
export interface PlainNode extends SwarmNode {
  readonly signer: Ed25519Signer
}

interface PlainNetwork {
  readonly nodes: readonly PlainNode[]
  readonly hardFork: readonly [number, number]
  readonly version: StorageVersion
  readonly height: number
}

/** The node that is asked, and when. */
interface Asked {
  readonly node: PlainNode
  readonly now: number
}

/** The whole protocol over nothing but arrays: how the parts fit together, and what a real server is compared with. */
export class PlainServer {
  readonly #mailboxes = new Map<string, Mailbox>()
  readonly #swarms: SwarmMap

  constructor(
    private readonly crypto: Crypto,
    private readonly network: PlainNetwork,
  ) {
    this.#swarms = new SwarmMap(network.nodes.map((node) => node.swarmId))
  }

  /** The answer of a node, given by its Ed25519 key in hex, to a request in UTF-8 JSON at server time `now`. */
  handle(text: Uint8Array, nodeKey: string, now: number): { code: number; body: unknown } {
    const node = this.network.nodes.find(({ pubkeyEd25519 }) => pubkeyEd25519 === nodeKey)
    if (node === undefined) throw new Error('no such node')
    const reply = answering(() => this.#run(parseMailboxRequest(text), { node, now }))
    return { code: reply.status, body: replyJson(reply) }
  }

  #run(request: MailboxRequest, asked: Asked): RpcReply {
    const context = { now: asked.now, hardFork: this.network.hardFork }
    const run = (one: MailboxRequest): RpcReply => answering(() => this.#run(one, asked))
    if (isAccountRequest(request)) return this.#runForAccount(request, asked)
    switch (request.method) {
      case 'info':
        return infoReply(context, this.network.version)
      case 'get_swarm':
        return getSwarmReply(this.#describe(request.account, asked))
      case 'active_nodes_bin':
        return activeNodesBinReply(this.network.nodes)
      case 'oxend_request':
        return oxendReply(this.#serviceNodes(request.params), context)
      case 'batch':
        return batchReply(request.requests.map(run))
      case 'sequence': {
        const replies: RpcReply[] = []
        for (const one of request.requests) {
          const reply = run(one)
          replies.push(reply)
          if (!continuesSequence(reply)) break
        }
        return batchReply(replies)
      }
      case 'ifelse': {
        const condition = conditionsHold(request.conditions, this.network)
        const branch = condition ? request.then : request.else
        return ifElseReply(this.network, condition, branch && run(branch))
      }
    }
  }

  #runForAccount(request: AccountRequest, asked: Asked): RpcReply {
    const { account } = request
    const { now } = asked
    const context = { now, hardFork: this.network.hardFork }
    if (this.#swarms.swarmOf(account.key) !== asked.node.swarmId) throw wrongSwarm(this.#describe(account, asked))
    const mailbox = this.#open(account, now)
    checkRequest(this.crypto, request, { ...context, isRevoked: revokedIn(mailbox.revoked) })
    const signers = this.network.nodes.filter((one) => one.swarmId === asked.node.swarmId).map((one) => one.signer)
    switch (request.method) {
      case 'store': {
        const result = store(this.crypto, mailbox, request)
        const entries = storeEntries(signers, result)
        return storeReply(result.hash, entries, asked.node.signer.publicKey, context)
      }
      case 'retrieve': {
        const { messages, more } = retrieve(mailbox, request)
        return retrieveReply(messages, more, context)
      }
      case 'delete': {
        const wanted = new Set(request.hashes)
        const deleted = remove(mailbox, ({ hash }) => wanted.has(hash)).map(({ hash }) => hash)
        return deleteReply(request, deleteEntries(signers, request, deleted), deleted.length > 0, context)
      }
      case 'delete_all':
      case 'delete_before':
      case 'expire_all':
        return swarmReply(bulkEntries(signers, request, affect(mailbox, request)), context)
      case 'expire': {
        const outcome = planExpire(request, new Map(mailbox.messages.map((one) => [one.hash, one])), now)
        for (const one of mailbox.messages) one.expiry = outcome.updated.get(one.hash) ?? one.expiry
        return swarmReply(expireEntries(signers, request, outcome, now), context)
      }
      case 'get_expiries': {
        const wanted = new Set(request.hashes)
        const found = mailbox.messages.filter(({ hash }) => wanted.has(hash))
        return getExpiriesReply(new Map(found.map(({ hash, expiry }) => [hash, expiry])))
      }
      case 'revoke_subaccount':
        mailbox.revoked = revokeTokens(mailbox.revoked, request.tokens)
        return swarmReply(revokeEntries(signers, request), context)
      case 'unrevoke_subaccount': {
        const { list, count } = unrevokeTokens(mailbox.revoked, request.tokens)
        mailbox.revoked = list
        return swarmReply(unrevokeEntries(signers, request, count), context)
      }
      case 'revoked_subaccounts':
        return revokedSubaccountsReply(mailbox.revoked, context)
    }
  }

  #open(account: AccountId, now: number): Mailbox {
    const mailbox = this.#mailboxes.get(account.hex) ?? { messages: [], revoked: [] }
    this.#mailboxes.set(account.hex, mailbox)
    remove(mailbox, ({ expiry }) => expiry <= now)
    return mailbox
  }

  #describe(account: AccountId, { now }: Asked): SwarmBody {
    const swarm = this.#swarms.swarmOf(account.key)
    const nodes = this.network.nodes.filter((node) => node.swarmId === swarm)
    return swarmBody(swarm, nodes, { now, hardFork: this.network.hardFork })
  }

  #serviceNodes(params: unknown): object {
    const nodes: readonly NodeRecord[] = this.network.nodes
    return serviceNodesResult(nodes, parseGetServiceNodesParams(params), this.network.height)
  }
}

function answering(run: () => RpcReply): RpcReply {
  try {
    return run()
  } catch (error) {
    if (error instanceof RpcError) return errorReply(error)
    throw error
  }
}

function store(
  crypto: Crypto,
  mailbox: Mailbox,
  request: StoreRequest,
): { hash: string; expiry: number; wasStored: boolean } {
  const { account, namespace, timestamp, data } = request
  const hash = messageHash(crypto, account, namespace, data)
  const known = mailbox.messages.find((one) => one.hash === hash)
  const expiry = Math.max(request.expiry, known?.expiry ?? 0)
  if (known !== undefined) known.expiry = expiry
  else {
    if (isPublicOutbox(namespace)) remove(mailbox, (one) => one.namespace === namespace)
    mailbox.messages.push({ hash, namespace, timestamp, data, expiry })
  }
  return { hash, expiry, wasStored: known !== undefined }
}

function retrieve(mailbox: Mailbox, request: RetrieveRequest): { messages: StoredMessage[]; more: boolean } {
  const all = mailbox.messages.filter(({ namespace }) => namespace === request.namespace)
  const rest = all.slice(all.findIndex(({ hash }) => hash === request.lastHash) + 1)
  const page = fillPage(
    rest.map(({ data }) => data.length),
    pageLimits(request.maxCount, request.maxSize),
  )
  return { messages: rest.slice(0, page.count), more: page.more }
}

function affect(mailbox: Mailbox, request: BulkRequest): AffectedMessages {
  const inNamespace = ({ namespace }: StoredMessage): boolean => {
    return request.namespace === 'all' || namespace === request.namespace
  }
  if (request.method !== 'expire_all') {
    const before = request.method === 'delete_before' ? request.before : Infinity
    return byNamespace(remove(mailbox, (one) => inNamespace(one) && one.timestamp <= before))
  }
  const later = mailbox.messages.filter((one) => inNamespace(one) && one.expiry > request.expiry)
  for (const one of later) one.expiry = Number(request.expiry)
  return byNamespace(later)
}

function byNamespace(messages: readonly StoredMessage[]): AffectedMessages {
  const hashes = new Map<number, string[]>()
  for (const { hash, namespace } of messages) hashes.set(namespace, [...(hashes.get(namespace) ?? []), hash])
  return hashes
}

function remove(mailbox: Mailbox, isUnwanted: (message: StoredMessage) => boolean): StoredMessage[] {
  const removed = mailbox.messages.filter(isUnwanted)
  mailbox.messages = mailbox.messages.filter((message) => !isUnwanted(message))
  return removed
}
