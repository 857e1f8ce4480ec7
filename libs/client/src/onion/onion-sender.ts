import type { LayerKey, V4Reply } from '#protocol'
import type { ClientEnvironment } from '../environment.ts'
import { ClientError, RequestAbortedError } from '../errors.ts'
import type { NodeDirectory } from '../nodes/node-directory.ts'
import type { OnionNode } from '../nodes/onion-node.ts'
import { guardOf, type OnionPath, passes } from '../paths/path.ts'
import type { PathPool } from '../paths/path-pool.ts'
import { type Outcome, retry, type RetryNotice, type RetryPolicy } from '../retry/retry.ts'
import type { Transport, TransportReply } from '../transport/transport.ts'
import type { Destination, ServerDestination } from './destination.ts'
import { NodeGoneError, ReplyUnreadableError, RequestTooLargeError } from './errors.ts'
import type { GuardUrl } from './guard-url.ts'
import { judgeNodeReply, type NodeAnswer } from './node-verdict.ts'
import {
  encodeNodePayload,
  encodeServerPayload,
  openNodeReply,
  openServerReply,
  sealRequest,
  type ServerRequest,
} from './onion-codec.ts'
import { judgePathReply } from './path-verdict.ts'
import type { SendOptions } from './send-options.ts'

/** Longest body a node accepts, in bytes (onion requests §11). */
export const MAX_ONION_BODY = 10_485_760

const POLICY: RetryPolicy = { tries: 3, pauseMs: 100, longestPauseMs: 5_000 }
const TRY_TIMEOUT_MS = 10_000
const DEADLINE_MS = 60_000

/** A call to a node (onion requests §5.1). */
export interface NodeRpc {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  /** Statuses besides 200 that the caller wants to see instead of an error, for example 401 while polling a group. */
  readonly allowed?: readonly number[]
  /** The same for the parts of a batch; default `allowed`. */
  readonly allowedParts?: readonly number[]
  /** The caller has other nodes to ask: a failure of this one is thrown at once instead of asking it again. */
  readonly hasAlternatives?: boolean
}

export interface OnionSenderParts {
  readonly environment: ClientEnvironment
  readonly transport: Transport
  readonly directory: NodeDirectory
  readonly paths: PathPool
  readonly guardUrl: GuardUrl
}

/** One try: what is sent, which way, and how long it may take. */
interface Attempt {
  readonly path: OnionPath
  readonly destination: Destination
  readonly payload: Uint8Array
  readonly timeoutMs: number
}

/** Sends requests through onion paths, with the blame and the retries of onion requests §8.2. */
export class OnionSender {
  readonly #parts: OnionSenderParts

  constructor(parts: OnionSenderParts) {
    this.#parts = parts
  }

  /** Sends a v4 request to a server. Only the path is judged; the inner code is the caller's. Throws a `ClientError`. */
  async sendToServer(server: ServerDestination, request: ServerRequest, options?: SendOptions): Promise<V4Reply> {
    return this.#send(server, encodeServerPayload(request), options, (body, key) => ({
      kind: 'done',
      value: openServerReply(this.#parts.environment.crypto, body, key),
    }))
  }

  /**
   * Calls a node. Its answer is judged too, that of a batch part by part; a node that fails three times in a row is dropped. Throws a
   * `ClientError`; `WrongSwarmError` carries the swarm that the caller should ask instead.
   */
  async sendToNode(node: OnionNode, rpc: NodeRpc, options?: SendOptions): Promise<NodeAnswer> {
    return this.#send({ kind: 'node', node }, encodeNodePayload(rpc), options, (body, key) =>
      this.#judgeNode(node, rpc, openNodeReply(this.#parts.environment.crypto, body, key)),
    )
  }

  #send<T>(
    destination: Destination,
    payload: Uint8Array,
    options: SendOptions = {},
    open: (body: Uint8Array, key: LayerKey) => Outcome<T>,
  ): Promise<T> {
    const { environment, paths } = this.#parts
    const limits = {
      signal: options.signal,
      deadlineAt: environment.now() + (options.deadlineMs ?? DEADLINE_MS),
      onRetry: (notice: RetryNotice) => options.onEvent?.({ kind: 'retrying', ...notice }),
    }
    const without = destination.kind === 'node' ? destination.node.ed25519 : undefined
    let avoid: OnionPath | undefined
    return retry(environment, POLICY, limits, async (remainingMs) => {
      const path = await paths.pick({ without, avoid })
      avoid = path
      const timeoutMs = Math.min(options.timeoutMs ?? TRY_TIMEOUT_MS, remainingMs)
      return this.#attempt({ path, destination, payload, timeoutMs }, options, open)
    })
  }

  async #attempt<T>(
    attempt: Attempt,
    options: SendOptions,
    open: (body: Uint8Array, key: LayerKey) => Outcome<T>,
  ): Promise<Outcome<T>> {
    const { environment, paths } = this.#parts
    const { path } = attempt
    const { body, replyKey } = sealRequest(environment.crypto, path, attempt.destination, attempt.payload)
    if (body.length > MAX_ONION_BODY) return { kind: 'abort', error: new RequestTooLargeError() }
    const sentAt = environment.now()
    options.onEvent?.({ kind: 'sent', path, bytes: body.length })
    try {
      const reply = await this.#post(attempt, body, options)
      const failure = this.#judgePath(attempt, reply)
      if (failure !== undefined) return failure
      const outcome = open(reply.body, replyKey)
      paths.succeed(path)
      const elapsedMs = environment.now() - sentAt
      options.onEvent?.({ kind: 'answered', path, bytes: reply.body.length, elapsedMs })
      return outcome
    } catch (error) {
      if (error instanceof ReplyUnreadableError) return { kind: 'retry', error }
      if (error instanceof RequestAbortedError) return { kind: 'abort', error }
      if (!(error instanceof ClientError)) throw error
      paths.fail(path)
      return { kind: 'retry', error }
    }
  }

  #post(attempt: Attempt, body: Uint8Array, options: SendOptions): Promise<TransportReply> {
    const url = this.#parts.guardUrl(guardOf(attempt.path))
    const { timeoutMs } = attempt
    return this.#parts.transport.post(url, body, {
      timeoutMs,
      signal: options.signal,
      onProgress: options.onProgress,
    })
  }

  /** Blames whom an answer in the clear calls for; undefined when it is a reply to be opened. */
  #judgePath({ path, destination }: Attempt, reply: TransportReply): Outcome<never> | undefined {
    const verdict = judgePathReply(reply, destination.kind)
    switch (verdict.kind) {
      case 'reply':
        return undefined
      case 'abort':
        return verdict
      case 'unreadable':
      case 'busy':
        return { kind: 'retry', error: verdict.error }
      case 'next-node':
        return this.#blameNamed(path, destination, verdict)
      case 'path':
        this.#parts.paths.fail(path)
        return { kind: 'retry', error: verdict.error }
    }
  }

  /** A hop may accuse only a node that the request really had to pass; any other name counts against the path. */
  #blameNamed(
    path: OnionPath,
    destination: Destination,
    { node, gone, error }: { readonly node: string; readonly gone: boolean; readonly error: ClientError },
  ): Outcome<never> {
    const { directory, paths } = this.#parts
    const isDestination = destination.kind === 'node' && destination.node.ed25519 === node
    if (!isDestination && !passes(path, node)) paths.fail(path)
    else if (gone) directory.drop(node)
    else directory.strike(node)
    return isDestination && gone ? { kind: 'abort', error: new NodeGoneError() } : { kind: 'retry', error }
  }

  #judgeNode(node: OnionNode, rpc: NodeRpc, answer: NodeAnswer): Outcome<NodeAnswer> {
    const { directory } = this.#parts
    const verdict = judgeNodeReply(rpc.method, answer, rpc.allowed ?? [], rpc.allowedParts)
    if (verdict.kind === 'done') {
      directory.forgive(node.ed25519)
      return { kind: 'done', value: answer }
    }
    if (verdict.kind === 'retry' || verdict.strike) directory.strike(node.ed25519)
    if (verdict.kind === 'abort' && verdict.gone !== undefined) directory.drop(verdict.gone)
    return { kind: rpc.hasAlternatives === true ? 'abort' : verdict.kind, error: verdict.error }
  }
}
