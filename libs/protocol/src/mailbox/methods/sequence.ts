import { type Params } from '../params/params.ts'
import { type SimpleRequest } from '../request.ts'
import { parseSubrequests } from './batch.ts'

/** Several requests, run one after the other until one fails (mailbox RPC §4.15). */
export interface SequenceRequest {
  readonly method: 'sequence'
  /** 1 to 20. */
  readonly requests: readonly SimpleRequest[]
}

/** Reads the parameters of `sequence`. An error in any subrequest refuses the whole. Throws `RpcError` 400. */
export function parseSequence(params: Params): SequenceRequest {
  return { method: 'sequence', requests: parseSubrequests(params) }
}
