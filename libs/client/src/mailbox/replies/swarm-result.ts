import type { Crypto } from '#crypto'
import { type RecursiveRequest, SwarmReplyError, verifySwarmReply } from '#protocol'
import { MailboxReplyError, SwarmUnconfirmedError } from '../errors.ts'

/** The members of one node's entry in the answer to a request that the whole swarm carries out. */
export type NodeMembers = Readonly<Record<string, unknown>>

/**
 * What one node says: `confirmed` and signed; `failed`, by its own account; `forged`: the signature does not cover the result, or the result does
 * not fit the request; `unknown`: not a node of the node list.
 */
export interface NodeResult {
  /** Ed25519 key, 64 hex characters in lower case. */
  readonly node: string
  readonly verdict: 'confirmed' | 'failed' | 'forged' | 'unknown'
}

/** What a request to the whole swarm came to. */
export interface SwarmResult {
  /** Every node that is named in the answer; at least one is `confirmed`. */
  readonly nodes: readonly NodeResult[]
  /** Whether all of them confirmed. */
  readonly isComplete: boolean
}

/** Who is asked what, and which Ed25519 keys are nodes. */
export interface SwarmQuestion {
  readonly request: RecursiveRequest
  readonly isNode: (ed25519: string) => boolean
}

/**
 * Verifies the answer to a request that every node carries out, and reads with `read` what the confirming nodes did; an entry for which that
 * gives undefined counts as forged. Throws `MailboxReplyError`, and `SwarmUnconfirmedError` when nobody confirms.
 */
export function readSwarmResult<T>(
  crypto: Crypto,
  { request, isNode }: SwarmQuestion,
  body: unknown,
  read: (members: NodeMembers) => T | undefined,
): { readonly result: SwarmResult; readonly values: readonly T[] } {
  const values: T[] = []
  const nodes = verified(crypto, request, body).map(({ node, verdict, members }): NodeResult => {
    if (!isNode(node)) return { node, verdict: 'unknown' }
    const value = verdict === 'confirmed' ? read(members) : undefined
    if (value !== undefined) values.push(value)
    return { node, verdict: verdict === 'confirmed' && value === undefined ? 'forged' : verdict }
  })
  if (values.length === 0) throw new SwarmUnconfirmedError()
  return { result: { nodes, isComplete: nodes.length === values.length }, values }
}

function verified(crypto: Crypto, request: RecursiveRequest, body: unknown): ReturnType<typeof verifySwarmReply> {
  try {
    return verifySwarmReply(crypto, request, body)
  } catch (cause) {
    if (cause instanceof SwarmReplyError) throw new MailboxReplyError({ cause })
    throw cause
  }
}
