import { NodeListParamsError, parseGetServiceNodesParams, serviceNodesResult } from '#protocol'
import { blockHeight, type NodeDirectory } from '#nodes'
import { JsonRpcError, type SeedMethod } from '../json-rpc.ts'

/** `get_n_service_nodes` and its other names (onion requests §10.1): the list of all nodes. */
export function getServiceNodes(directory: NodeDirectory, now: () => number): SeedMethod {
  return (params) => {
    try {
      return serviceNodesResult(directory.all, parseGetServiceNodesParams(params), blockHeight(now()))
    } catch (cause) {
      if (cause instanceof NodeListParamsError) throw JsonRpcError.invalidParams(cause.message, { cause })
      throw cause
    }
  }
}
