import type { Crypto } from '#crypto'
import type { NodeKeys } from '#protocol'
import type { Clock, Logger, Metrics } from '#runtime'
import type { DescribeService } from './discovery/service-directory.ts'
import type { OutsideServers } from './exit/outside-exit.ts'
import type { Readiness } from './readiness.ts'
import type { StorageRpc } from './storage-rpc/storage-rpc.ts'

/** What a gateway is made of. */
export interface GatewayDependencies {
  readonly crypto: Crypto
  /** Keys of the own nodes; their number is the number of nodes. `clusterNodeKeys` derives them. */
  readonly nodeKeys: readonly NodeKeys[]
  readonly clock: Clock
  /** A clock that never jumps, for durations. */
  readonly monotonic: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Asks the other services where they are; `describeOverBus` does it. */
  readonly describeService: DescribeService
  /** The way out of the deployment; a guard for the listed servers unless given. */
  readonly outside?: OutsideServers
  /** Runs storage requests; `storageRpcOverBus` has the core do it. */
  readonly storageRpc: StorageRpc
  readonly readiness?: Readiness
}
