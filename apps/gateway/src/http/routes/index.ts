import type { OnionRouter } from '../../onion/onion-router.ts'
import type { RpcRateLimit } from '../../rate-limit/rpc-rate-limit.ts'
import type { StorageObserver } from '../../storage-rpc/storage-observer.ts'
import type { StorageRpc } from '../../storage-rpc/storage-rpc.ts'
import type { NodeRoute } from '../node-door.ts'
import { getStatsRoute } from './get-stats.ts'
import { onionRequestRoute } from './onion-request.ts'
import { pingTestRoute } from './ping-test.ts'
import { storageRpcRoute } from './storage-rpc.ts'

/** Everything a node answers over HTTP. */
export function nodeRoutes(
  router: OnionRouter,
  storageRpc: StorageRpc,
  observer: StorageObserver,
  rateLimit: RpcRateLimit | undefined,
): readonly NodeRoute[] {
  return [onionRequestRoute(router), storageRpcRoute(storageRpc, observer, rateLimit), pingTestRoute, getStatsRoute]
}
