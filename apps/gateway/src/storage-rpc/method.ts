import type { NodeDirectory } from '#nodes'
import type { Members } from './envelope.ts'

/** What a method of the storage RPC may look at. */
export interface RpcContext {
  readonly directory: NodeDirectory
  /** Milliseconds since 1970. */
  readonly now: number
}

/** One method of the storage RPC. The members it returns are the reply; `t` and `hf` are added. Throws `RpcError`. */
export type RpcMethod = (params: Members, context: RpcContext) => Members
