import type { OnionObserver } from '../../onion/onion-observer.ts'
import type { OnionRouter } from '../../onion/onion-router.ts'
import type { StorageRpc } from '../../storage-rpc/storage-rpc.ts'
import type { NodeRoute } from '../node-door.ts'
import { getStatsRoute } from './get-stats.ts'
import { onionRequestRoute } from './onion-request.ts'
import { pingTestRoute } from './ping-test.ts'
import { storageRpcRoute } from './storage-rpc.ts'

/** Everything a node answers over HTTP. */
export function nodeRoutes(router: OnionRouter, storageRpc: StorageRpc, observer: OnionObserver): readonly NodeRoute[] {
  return [onionRequestRoute(router), storageRpcRoute(storageRpc, observer), pingTestRoute, getStatsRoute]
}
