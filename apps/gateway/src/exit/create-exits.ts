import { OutgoingGuard } from '#runtime'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { GatewayDependencies } from '../dependencies.ts'
import { ServiceDirectory } from '../discovery/service-directory.ts'
import type { OnionObserver } from '../onion/onion-observer.ts'
import { Exit } from './exit.ts'
import { ExitRoutes } from './exit-routes.ts'
import { formatHostPattern } from './host-pattern.ts'
import { OutsideExit } from './outside-exit.ts'
import { ServiceExit } from './service-exit.ts'
import { SERVICE_NAMES } from './service-name.ts'

/** How long what a service says of itself holds, in milliseconds. */
const DESCRIPTION_MAX_AGE_MS = 30_000

/** The exit and what it needs to know of the services. */
export interface Exits {
  readonly exit: Exit
  readonly services: ServiceDirectory
  close(): Promise<void>
}

/** Builds the exit of a gateway. */
export function createExits(config: GatewayConfig, dependencies: GatewayDependencies, observer: OnionObserver): Exits {
  const { crypto, monotonic, describeService } = dependencies
  const services = new ServiceDirectory(SERVICE_NAMES, describeService, () => monotonic.now(), DESCRIPTION_MAX_AGE_MS)
  const guard =
    dependencies.outside ??
    new OutgoingGuard({ allowList: config.exitAllow.map(formatHostPattern), allowPublic: false })
  const serviceExit = new ServiceExit(config.serviceUrls, config.exitTimeoutMs, observer)
  const limits = { timeoutMs: config.exitTimeoutMs, maxReplyBytes: config.outsideReplyLimit }
  const outsideExit = new OutsideExit(guard, limits, observer)
  const routes = new ExitRoutes({
    hosts: config.exitHosts,
    allowed: config.exitAllow,
    publicUrls: () => services.publicUrls(),
  })
  return {
    exit: new Exit(crypto, routes, serviceExit, outsideExit),
    services,
    close: async () => {
      await Promise.all([serviceExit.close(), outsideExit.close()])
    },
  }
}
