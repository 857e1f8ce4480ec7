import { type JsonMembers } from '../onion/json-members.ts'

/** The statuses with which a mailbox request can be refused (mailbox RPC §1.1, §2.6). */
export type RpcErrorStatus = 400 | 401 | 403 | 404 | 406 | 421 | 429 | 500 | 502 | 503

/**
 * A mailbox request is refused; `status` and `body` are the answer. The body is a text, or the swarm of the account with 421
 * (mailbox RPC §1.1). It may quote the request, which is why the error's message does not.
 */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code = 'MAILBOX_REQUEST_REFUSED'
  constructor(
    readonly status: RpcErrorStatus,
    readonly body: string | JsonMembers,
    options?: ErrorOptions,
  ) {
    super(`the mailbox request is refused with status ${status}`, options)
  }
}

/** The refusal of a request whose parameters are wrong: 400 `invalid request: <reason>` (mailbox RPC §2.4). */
export function invalidRequest(reason: string): RpcError {
  return new RpcError(400, `invalid request: ${reason}`)
}

/** What a node answers with 503 while nothing can be stored or read (mailbox RPC §1.2). */
export const STORAGE_UNAVAILABLE = 'Service node is not ready: storage unavailable\n'
