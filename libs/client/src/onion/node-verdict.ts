import type { NodeReply } from '#protocol'
import type { ClientError } from '../errors.ts'
import { isRecord } from '../nodes/json-reply.ts'
import {
  ClockOutOfSyncError,
  NextNodeError,
  NodeFailedError,
  NodeRejectedError,
  ServerFaultError,
  UnauthorizedError,
  WrongSwarmError,
} from './errors.ts'

/** Status and body of a node's decrypted answer, or of one part of a batch; the body is a text or the value of its JSON. */
export type NodeAnswer = NodeReply

const NODE_NOT_FOUND = /^Next node not found: ([0-9a-fA-F]{64})\s*$/

/** What a decrypted answer means for the node (onion requests §8.2, destination level). */
export type NodeVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'abort'; readonly error: ClientError; readonly strike: boolean; readonly gone?: string }
  | { readonly kind: 'retry'; readonly error: ClientError }

/** Judges one answer. Only exactly 200 is success; `allowed` lists other statuses that the caller wants to see. */
export function judgeNodeAnswer(answer: NodeAnswer, allowed: readonly number[]): NodeVerdict {
  const { status, body } = answer
  if (status === 200 || allowed.includes(status)) return { kind: 'done' }
  if (status === 406 || status === 425) return abort(new ClockOutOfSyncError())
  if (status === 401) return abort(new UnauthorizedError())
  if (body === 'Oxen Server error') return abort(new ServerFaultError())
  if (status === 421) return { ...abort(new WrongSwarmError(swarmIn(body))), strike: true }
  if (status === 400) return abort(new NodeRejectedError())
  const gone = typeof body === 'string' ? NODE_NOT_FOUND.exec(body)?.[1] : undefined
  if (gone !== undefined) return { ...abort(new NextNodeError()), gone: gone.toLowerCase() }
  return { kind: 'retry', error: new NodeFailedError(status) }
}

/**
 * Judges an answer to `method`: of a `batch` or `sequence` also its parts, of which the first bad one decides. `allowedParts` are the statuses
 * besides 200 that the caller wants to see in parts.
 */
export function judgeNodeReply(
  method: string,
  answer: NodeAnswer,
  allowed: readonly number[],
  allowedParts: readonly number[] = allowed,
): NodeVerdict {
  const whole = judgeNodeAnswer(answer, allowed)
  if (whole.kind !== 'done' || answer.status !== 200 || (method !== 'batch' && method !== 'sequence')) return whole
  const results = resultsIn(answer.body)
  if (results === undefined) return { kind: 'retry', error: new NodeFailedError(answer.status) }
  for (const result of results) {
    const verdict = judgeNodeAnswer(result, allowedParts)
    if (verdict.kind !== 'done') return verdict
  }
  return whole
}

function abort(error: ClientError): { readonly kind: 'abort'; readonly error: ClientError; readonly strike: boolean } {
  return { kind: 'abort', error, strike: false }
}

function swarmIn(body: unknown): readonly string[] {
  const snodes = isRecord(body) ? body['snodes'] : undefined
  if (!Array.isArray(snodes)) return []
  return snodes.flatMap((snode: unknown) => {
    const key = isRecord(snode) ? snode['pubkey_ed25519'] : undefined
    return typeof key === 'string' ? [key.toLowerCase()] : []
  })
}

/** The parts of a batch's body; undefined when it has none. A part without a code is a failed one. */
export function resultsIn(body: unknown): readonly NodeAnswer[] | undefined {
  const results = isRecord(body) ? body['results'] : undefined
  if (!Array.isArray(results) || results.length === 0) return undefined
  return results.map((result: unknown) => {
    const part = isRecord(result) ? result : {}
    return { status: typeof part['code'] === 'number' ? part['code'] : 0, body: part['body'] }
  })
}
