import type { ServiceName } from '../exit/service-name.ts'

/** Where clients reach a service and which public keys it has. */
export interface ServiceDescription {
  readonly url: string
  /** 64 hex digits in lower case. */
  readonly pubkeyEd25519: string
  /** 64 hex digits in lower case. */
  readonly pubkeyX25519: string
}

/** Asks a service for its description; rejects when it does not answer. */
export type DescribeService = (service: ServiceName) => Promise<ServiceDescription>

/**
 * What the services say of themselves, asked for again every `maxAgeMs`. A service that has stopped answering is left out once its
 * description is older than that; one that has never answered is asked again by every look, at most one question at a time.
 */
export class ServiceDirectory {
  private readonly known = new Map<
    ServiceName,
    { readonly description: ServiceDescription; readonly url: URL; readonly at: number }
  >()
  private readonly asking = new Map<ServiceName, Promise<void>>()

  constructor(
    private readonly services: readonly ServiceName[],
    private readonly describe: DescribeService,
    private readonly now: () => number,
    private readonly maxAgeMs: number,
  ) {}

  /** The descriptions of the services that answer. */
  async describeAll(): Promise<ReadonlyMap<ServiceName, ServiceDescription>> {
    await Promise.all(this.services.map((service) => this.refresh(service)))
    return new Map([...this.known].map(([service, { description }]) => [service, description]))
  }

  /** The public URLs that are known at this moment; outdated ones are asked for in the background. */
  publicUrls(): Iterable<readonly [ServiceName, URL]> {
    for (const service of this.services) void this.refresh(service)
    return [...this.known].map(([service, { url }]) => [service, url] as const)
  }

  private refresh(service: ServiceName): Promise<void> {
    const known = this.known.get(service)
    if (known !== undefined && this.now() - known.at < this.maxAgeMs) return Promise.resolve()
    const asking = this.asking.get(service) ?? this.ask(service).finally(() => this.asking.delete(service))
    this.asking.set(service, asking)
    return asking
  }

  private async ask(service: ServiceName): Promise<void> {
    try {
      const description = await this.describe(service)
      this.known.set(service, { description, url: new URL(description.url), at: this.now() })
    } catch {
      // A service that does not answer is no failure of the gateway: it is merely not offered.
      this.known.delete(service)
    }
  }
}
