import {
  type AccountId,
  buildDelete,
  buildDeleteAll,
  buildDeleteBefore,
  buildExpire,
  buildExpireAll,
  buildGetExpiries,
  buildRevokedSubaccounts,
  buildRevokeSubaccount,
  buildStore,
  buildUnrevokeSubaccount,
  buildUnsignedStore,
  encodeRequest,
  type MailboxRequest,
  messageHash,
  type RecursiveRequest,
  type RequestSigner,
} from '#protocol'
import type { OnionNode } from '../nodes/onion-node.ts'
import type { NodeAnswer } from '../onion/node-verdict.ts'
import type { Cursors } from './cursors.ts'
import { MemoryCursors } from './cursors.ts'
import { accountOf, isSigner, type MailboxOwner } from './mailbox-owner.ts'
import { NodeCaller, type NodeCallerParts, type CallOptions } from './node-caller.ts'
import { type Expiries, type ExpiryChanges, mergeChanges, readExpiryChanges, readStored } from './replies/changes.ts'
import type { RetrievedPage } from './replies/page.ts'
import { type NodeInfo, readExpiries, readInfo, readRevokedTokens } from './replies/plain.ts'
import type { SwarmResult } from './replies/swarm-result.ts'
import { resolveName } from './resolve-name.ts'
import { type BatchPart, Retriever, type RetrieveWish } from './retriever.ts'
import type { Affected, OutgoingMessage, Stored } from './stored.ts'
import { SwarmChanger } from './swarm-changer.ts'
import type { Swarm } from './swarm-directory.ts'

/** A call in the words of the protocol. */
export interface RawCall extends CallOptions {
  /** Whose swarm is asked; any node if none is given. */
  readonly account?: AccountId | undefined
}

/** Every status but 421, which tells where to ask instead. */
const ANY_STATUS = Array.from({ length: 500 }, (_, index) => index + 100)
const ANY_STATUS_OF_SWARM = ANY_STATUS.filter((status) => status !== 421)

/**
 * Mailboxes as clients use them (mailbox RPC §4): requests are signed for the network's time and sent through the onion to a node of the account's
 * swarm; answers are parsed, the signatures of all nodes verified. Every method throws a `ClientError`.
 */
export class MailboxClient {
  readonly #parts: NodeCallerParts
  readonly #caller: NodeCaller
  readonly #retriever: Retriever
  readonly #changer: SwarmChanger

  constructor(parts: NodeCallerParts, cursors: Cursors = new MemoryCursors()) {
    this.#parts = parts
    this.#caller = new NodeCaller(parts)
    this.#changer = new SwarmChanger(parts, this.#caller)
    this.#retriever = new Retriever(parts, this.#caller, cursors)
  }

  /** Stores a message; unsigned, in a public inbox, for an owner without key (§4.1). The hash is computed here, and nodes must name the same. */
  async store(owner: MailboxOwner, message: OutgoingMessage, options?: CallOptions): Promise<Stored> {
    const account = accountOf(owner)
    const hash = messageHash(this.#parts.environment.crypto, account, message.namespace, message.data)
    const build = (now: number): RecursiveRequest => {
      const filled = { ...message, timestamp: message.timestamp ?? now, signatureTimestamp: now }
      return isSigner(owner)
        ? buildStore(owner, filled)
        : buildUnsignedStore(account, { ...filled, signatureTimestamp: filled.timestamp })
    }
    const { result, values } = await this.#changer.change(build, (entry) => readStored(hash, entry), options)
    const expiry = Math.max(...values.map((one) => one.expiry))
    return { ...result, hash, expiry, isKnown: values.every((one) => one.isKnown) }
  }

  /** Messages after the last ones that were read from the node that answers; with `wait`, as soon as there are any (§4.2). */
  retrieve(owner: MailboxOwner, wish: RetrieveWish, options?: CallOptions): Promise<RetrievedPage> {
    return this.#retriever.retrieve(owner, wish, options)
  }

  /** Up to 20 retrieves in one request; a part that is refused takes no other with it (§4.15). */
  batch(owner: MailboxOwner, wishes: readonly RetrieveWish[], options?: CallOptions): Promise<readonly BatchPart[]> {
    return this.#retriever.batch(owner, wishes, options)
  }

  /** Deletes messages by hash, in all namespaces (§4.3). */
  delete(signer: RequestSigner, hashes: readonly string[], options?: CallOptions): Promise<Affected> {
    return this.#changer.affect(() => buildDelete(signer, hashes), 'deleted', options)
  }

  /** Deletes all messages of a namespace, or of all (§4.4). */
  deleteAll(signer: RequestSigner, namespace: number | 'all', options?: CallOptions): Promise<Affected> {
    return this.#changer.affect((now) => buildDeleteAll(signer, namespace, now), 'deleted', options)
  }

  /** Deletes the messages that are not younger than `before`, in milliseconds (§4.5). */
  deleteBefore(
    signer: RequestSigner,
    namespace: number | 'all',
    before: number,
    options?: CallOptions,
  ): Promise<Affected> {
    return this.#changer.affect(() => buildDeleteBefore(signer, namespace, before), 'deleted', options)
  }

  /** Lets all messages of a namespace, or of all, expire at `expiry` (ms) at the latest (§4.6). */
  expireAll(
    signer: RequestSigner,
    namespace: number | 'all',
    expiry: number,
    options?: CallOptions,
  ): Promise<Affected> {
    return this.#changer.affect(() => buildExpireAll(signer, namespace, expiry), 'updated', options)
  }

  /** Sets when messages expire (ms): one time for all or one for each; with a mode only to shorten or to extend (§4.7). */
  async expire(
    signer: RequestSigner,
    hashes: readonly string[],
    expiries: readonly number[],
    options: CallOptions & { readonly mode?: 'shorten' | 'extend' } = {},
  ): Promise<SwarmResult & ExpiryChanges> {
    const build = (): RecursiveRequest => buildExpire(signer, hashes, expiries, options.mode)
    const { result, values } = await this.#changer.change(build, (entry) => readExpiryChanges(hashes, entry), options)
    return { ...result, ...mergeChanges(values) }
  }

  /** When messages expire (ms), for those that exist (§4.8). */
  getExpiries(signer: RequestSigner, hashes: readonly string[], options?: CallOptions): Promise<Expiries> {
    const build = (now: number): MailboxRequest => buildGetExpiries(signer, hashes, now)
    return this.#ask(signer.account, build, ({ body }) => readExpiries(hashes, body), options)
  }

  /** Revokes up to 50 subaccount tokens of 36 bytes (§4.9). */
  revokeSubaccount(signer: RequestSigner, tokens: readonly Uint8Array[], options?: CallOptions): Promise<SwarmResult> {
    return this.#changer.confirm((now) => buildRevokeSubaccount(signer, tokens, now), options)
  }

  /** Makes revoked tokens valid again (§4.9). */
  unrevokeSubaccount(
    signer: RequestSigner,
    tokens: readonly Uint8Array[],
    options?: CallOptions,
  ): Promise<SwarmResult> {
    return this.#changer.confirm((now) => buildUnrevokeSubaccount(signer, tokens, now), options)
  }

  /** The tokens a group has revoked, 36 bytes each (§4.10). */
  revokedSubaccounts(signer: RequestSigner, options?: CallOptions): Promise<readonly Uint8Array[]> {
    const build = (now: number): MailboxRequest => buildRevokedSubaccounts(signer, now)
    return this.#ask(signer.account, build, ({ body }) => readRevokedTokens(body), options)
  }

  /** What any node, or the one in the options, says of itself (§4.11). */
  info(options?: CallOptions): Promise<NodeInfo> {
    return this.#ask(
      undefined,
      () => ({ method: 'info' }),
      ({ body }) => readInfo(body),
      options,
    )
  }

  /** The nodes that serve an account (§4.13), remembered ones if there are. */
  getSwarm(account: AccountId, options?: CallOptions): Promise<Swarm> {
    return this.#parts.swarms.swarmOf(account, options)
  }

  /** The account that a registered name stands for; three nodes must agree (§4.12). */
  resolveName(name: string, options?: CallOptions): Promise<AccountId> {
    return resolveName(this.#parts.environment.crypto, this.#caller, name, options)
  }

  /** Calls a method by name; whatever status the node answers is handed over, but a 421 of a remembered swarm corrects it. */
  rpc(
    method: string,
    params: Readonly<Record<string, unknown>>,
    { account, ...options }: RawCall = {},
  ): Promise<NodeAnswer> {
    const allowed = account === undefined || options.node !== undefined ? ANY_STATUS : ANY_STATUS_OF_SWARM
    return this.#caller.call({ account, rpc: () => ({ method, params, allowed }), read: (answer) => answer }, options)
  }

  #ask<T>(
    account: AccountId | undefined,
    build: (now: number) => MailboxRequest,
    read: (answer: NodeAnswer, node: OnionNode) => T,
    options?: CallOptions,
  ): Promise<T> {
    return this.#caller.call({ account, rpc: () => encodeRequest(build(this.#parts.clock.now())), read }, options)
  }
}
