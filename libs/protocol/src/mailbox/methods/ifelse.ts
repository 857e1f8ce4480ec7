import { MAX_IFELSE_DEPTH } from '../limits.ts'
import { readIntegers, readInteger } from '../params/fields.ts'
import { nestedParams, type Params } from '../params/params.ts'
import { type MailboxRequest } from '../request.ts'
import { invalidRequest, type RpcError } from '../rpc-error.ts'
import { methodOf } from './batch.ts'

/** What must hold of the network and the node; all that are given must (mailbox RPC §4.16). */
export interface IfElseConditions {
  /** Major and minor hard fork. */
  readonly hardForkAtLeast?: readonly number[]
  readonly hardForkBefore?: readonly number[]
  /** Major, minor and patch version. */
  readonly versionAtLeast?: readonly number[]
  readonly versionBefore?: readonly number[]
  /** Block height. */
  readonly heightAtLeast?: number
  readonly heightBefore?: number
}

/** Runs one of two requests, depending on the network (mailbox RPC §4.16). */
export interface IfElseRequest {
  readonly method: 'ifelse'
  readonly conditions: IfElseConditions
  readonly then?: MailboxRequest
  readonly else?: MailboxRequest
}

/** How a branch is read: the reader of all methods, which this one is part of. Undefined for an unknown method. */
export type BranchParser = (method: string, params: Params, depth: number) => MailboxRequest | undefined

/** Reads the parameters of `ifelse`, `depth` levels of `ifelse` deep. Throws `RpcError` 400. */
export function parseIfElse(params: Params, parseBranch: BranchParser, depth: number): IfElseRequest {
  if (depth >= MAX_IFELSE_DEPTH) throw invalid('nested too deeply')
  const given = nestedParams(params, params.get('if'))
  if (given === undefined) throw invalid('no valid "if" field')
  const conditions = readConditions(given)
  if (Object.keys(conditions).length === 0) throw invalid('must specify at least one "if" condition')
  const branches = { then: params.get('then'), else: params.get('else') }
  if (branches.then === undefined && branches.else === undefined) {
    throw invalid('at least one of "then"/"else" required')
  }
  const read = (name: 'then' | 'else'): MailboxRequest | undefined => {
    if (branches[name] === undefined) return undefined
    const branch = nestedParams(params, branches[name])
    if (branch === undefined) throw invalid(`${name} must be an object`)
    const method = methodOf(branch)
    const branchParams = nestedParams(branch, branch.get('params'))
    if (method === undefined || branchParams === undefined) throw invalid(`${name} must have method/params keys`)
    const request = parseBranch(method, branchParams, depth + 1)
    if (request === undefined) throw invalidRequest(`Invalid ifelse request method "${name}"`)
    return request
  }
  const then = read('then')
  const otherwise = read('else')
  return { method: 'ifelse', conditions, ...(then && { then }), ...(otherwise && { else: otherwise }) }
}

function readConditions(params: Params): IfElseConditions {
  const hardForkAtLeast = readIntegers(params, 'hf_at_least')
  const hardForkBefore = readIntegers(params, 'hf_before')
  const versionAtLeast = readIntegers(params, 'v_at_least')
  const versionBefore = readIntegers(params, 'v_before')
  const heightAtLeast = readInteger(params, 'height_at_least')
  const heightBefore = readInteger(params, 'height_before')
  return {
    ...(hardForkAtLeast && { hardForkAtLeast }),
    ...(hardForkBefore && { hardForkBefore }),
    ...(versionAtLeast && { versionAtLeast }),
    ...(versionBefore && { versionBefore }),
    ...(heightAtLeast !== undefined && { heightAtLeast }),
    ...(heightBefore !== undefined && { heightBefore }),
  }
}

function invalid(reason: string): RpcError {
  return invalidRequest(`Invalid ifelse request: ${reason}`)
}
