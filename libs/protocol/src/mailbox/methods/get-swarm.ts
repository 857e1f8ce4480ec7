import { type AccountId } from '../accounts/account-id.ts'
import { type Params } from '../params/params.ts'
import { readAccountOrAlias } from '../params/read-account.ts'

/** Asks which nodes serve an account; any node answers (mailbox RPC §4.13). */
export interface GetSwarmRequest {
  readonly method: 'get_swarm'
  readonly account: AccountId
}

/** Reads the parameters of `get_swarm`, alias `get_snodes_for_pubkey`. Throws `RpcError` 400. */
export function parseGetSwarm(params: Params): GetSwarmRequest {
  return { method: 'get_swarm', account: readAccountOrAlias(params, 'Pubkey must be 66 hex digits/33 bytes long') }
}
