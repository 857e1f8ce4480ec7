import type { ServerControl } from '#protocol'
import { findHost, type HostPattern } from './host-pattern.ts'
import type { ServiceName } from './service-name.ts'

/** What the exit does with a server that a client names. */
export type ExitRoute =
  | { readonly kind: 'service'; readonly service: ServiceName }
  | { readonly kind: 'outside' }
  | { readonly kind: 'refused' }

/** Names under which the own services are known, apart from the public URLs they announce themselves. */
export interface ExitRoutesOptions {
  readonly hosts: readonly { readonly pattern: HostPattern; readonly service: ServiceName }[]
  /** Outside servers that clients may reach. */
  readonly allowed: readonly HostPattern[]
  /** The public URL of each service as it is known at this moment. */
  readonly publicUrls: () => Promise<Iterable<readonly [ServiceName, URL]>>
}

/** Decides where a client's request may go; what is not listed goes nowhere. */
export class ExitRoutes {
  constructor(private readonly options: ExitRoutesOptions) {}

  /** The own services come first, so that no list of outside servers can lead a request for one of them elsewhere. */
  async find({ host, port, protocol }: ServerControl): Promise<ExitRoute> {
    const name = host.toLowerCase()
    const named = this.options.hosts.find(({ pattern }) => findHost([pattern], name, port, protocol))
    if (named !== undefined) return { kind: 'service', service: named.service }
    for (const [service, url] of await this.options.publicUrls()) {
      if (url.hostname === name && effectivePort(url) === port) return { kind: 'service', service }
    }
    return { kind: findHost(this.options.allowed, name, port, protocol) ? 'outside' : 'refused' }
  }
}

function effectivePort(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}
