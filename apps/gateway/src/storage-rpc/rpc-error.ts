import { GatewayError } from '../errors.ts'

/** A storage request that is refused with status 400; the message is the body (mailbox RPC §1.1, §2.4). */
export class RpcError extends GatewayError {
  override readonly name = 'RpcError'
  readonly code = 'GATEWAY_RPC_REFUSED'
}
