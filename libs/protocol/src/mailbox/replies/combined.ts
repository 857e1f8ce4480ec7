import { type StorageVersion } from '../../nodes/node-record.ts'
import { type IfElseConditions } from '../methods/ifelse.ts'
import { type RpcReply } from './rpc-reply.ts'
import { type WireMembers } from './wire-value.ts'

/** What the conditions of `ifelse` are about. */
export interface NetworkState {
  /** Major and minor. */
  readonly hardFork: readonly [number, number]
  /** Version of the storage protocol. */
  readonly version: StorageVersion
  /** Block height. */
  readonly height: number
}

/** The reply to `batch` and `sequence`: always 200, the results in request order (mailbox RPC §4.15). */
export function batchReply(replies: readonly RpcReply[]): RpcReply {
  return { status: 200, body: { results: replies.map(toResult) } }
}

/** Whether a `sequence` goes on after a reply: only a success leads to the next request (mailbox RPC §4.15). */
export function continuesSequence({ status }: RpcReply): boolean {
  return status >= 200 && status <= 299
}

/** Whether all given conditions hold. Versions are compared part by part; missing parts are 0, superfluous ones are cut (§4.16). */
export function conditionsHold(conditions: IfElseConditions, state: NetworkState): boolean {
  const { hardFork, version, height } = state
  return (
    isAtLeast(hardFork, conditions.hardForkAtLeast) &&
    isBefore(hardFork, conditions.hardForkBefore) &&
    isAtLeast(version, conditions.versionAtLeast) &&
    isBefore(version, conditions.versionBefore) &&
    (conditions.heightAtLeast === undefined || height >= conditions.heightAtLeast) &&
    (conditions.heightBefore === undefined || height < conditions.heightBefore)
  )
}

/** The reply to `ifelse`: always 200; `reply` is that of the branch, if it was given (mailbox RPC §4.16). */
export function ifElseReply(state: NetworkState, condition: boolean, reply?: RpcReply): RpcReply {
  const { hardFork, version, height } = state
  const body = { hf: hardFork, v: version, height, condition, ...(reply && { result: toResult(reply) }) }
  return { status: 200, body }
}

function toResult({ status, body }: RpcReply): WireMembers {
  return { code: status, body }
}

function isAtLeast(actual: readonly number[], limit: readonly number[] | undefined): boolean {
  return limit === undefined || compare(actual, limit) >= 0
}

function isBefore(actual: readonly number[], limit: readonly number[] | undefined): boolean {
  return limit === undefined || compare(actual, limit) < 0
}

function compare(actual: readonly number[], limit: readonly number[]): number {
  for (const [i, part] of actual.entries()) {
    const difference = part - (limit[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
