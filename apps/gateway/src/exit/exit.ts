import type { Crypto } from '#crypto'
import type { ServerControl } from '#protocol'
import type { OnionReply } from '../onion/onion-reply.ts'
import type { ExitRoutes } from './exit-routes.ts'
import type { OutsideExit } from './outside-exit.ts'
import { refuseHost } from './refuse-host.ts'
import type { ServiceExit } from './service-exit.ts'

/** The last hop on the way to a server that is no node (onion requests §5.2): own services, listed servers, nobody else. */
export class Exit {
  constructor(
    private readonly crypto: Crypto,
    private readonly routes: ExitRoutes,
    private readonly services: ServiceExit,
    private readonly outside: OutsideExit,
  ) {}

  /** Posts `frame`, the complete decrypted layer, to where `control` wants it, and gives the answer as it comes. */
  async forward(control: ServerControl, frame: Uint8Array): Promise<OnionReply> {
    const route = await this.routes.find(control)
    switch (route.kind) {
      case 'service':
        return this.services.post(route.service, control.target, frame)
      case 'outside':
        return this.outside.post(control, frame)
      case 'refused':
        return refuseHost(this.crypto, control.host)
    }
  }
}
