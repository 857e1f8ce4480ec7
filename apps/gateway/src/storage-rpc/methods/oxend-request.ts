import { NodeListParamsError, parseGetServiceNodesParams, serviceNodesResult } from '#protocol'
import { blockHeight } from '#nodes'
import type { RpcMethod } from '../method.ts'
import { RpcError } from '../rpc-error.ts'

/** `oxend_request` (mailbox RPC §4.12): the node list that the seed gives, from a node. */
export const oxendRequest: RpcMethod = ({ endpoint, params }, { directory, now }) => {
  if (endpoint === undefined || endpoint === null) {
    throw new RpcError("invalid request: Required field 'endpoint' missing")
  }
  if (typeof endpoint !== 'string') {
    throw new RpcError("invalid request: Invalid value given for 'endpoint': expected string")
  }
  if (endpoint !== 'get_service_nodes') throw new RpcError(`invalid request: Invalid oxend endpoint '${endpoint}'`)
  try {
    return { result: serviceNodesResult(directory.all, parseGetServiceNodesParams(params), blockHeight(now)) }
  } catch (cause) {
    if (cause instanceof NodeListParamsError) throw new RpcError(`invalid request: ${cause.message}`, { cause })
    throw cause
  }
}
