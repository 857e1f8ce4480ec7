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

interface State {
  readonly askedAt: number
  /** Undefined when the service did not answer the last time. */
  readonly description: ServiceDescription | undefined
}

/** How long a service that did not answer is left in peace, in milliseconds. */
const RETRY_MS = 1_000

/**
 * What the services say of themselves. Each is asked when somebody wants to know and the last answer is older than `maxAgeMs`, or,
 * if there was none, than a second; never twice at the same time.
 */
export class ServiceDirectory {
  private readonly states = new Map<ServiceName, State>()
  private readonly asking = new Map<ServiceName, Promise<void>>()
  private readonly urls = new Map<ServiceName, URL>()

  constructor(
    private readonly services: readonly ServiceName[],
    private readonly describe: DescribeService,
    private readonly now: () => number,
    private readonly maxAgeMs: number,
  ) {}

  /** The descriptions of the services that answer. */
  async describeAll(): Promise<ReadonlyMap<ServiceName, ServiceDescription>> {
    await Promise.all(this.services.map((service) => this.refresh(service)))
    return new Map(
      [...this.states].flatMap(([service, { description }]) =>
        description === undefined ? [] : [[service, description]],
      ),
    )
  }

  /**
   * The public URL of every service that has ever answered: requests for it still go to it when it cannot be asked. Waits for the
   * first question to a service only; later ones are asked in the background.
   */
  async publicUrls(): Promise<Iterable<readonly [ServiceName, URL]>> {
    await Promise.all(
      this.services.map(async (service) => {
        const refreshed = this.refresh(service)
        if (!this.states.has(service)) await refreshed
      }),
    )
    return this.urls
  }

  private refresh(service: ServiceName): Promise<void> {
    const state = this.states.get(service)
    const maxAgeMs = state?.description === undefined ? RETRY_MS : this.maxAgeMs
    if (state !== undefined && this.now() - state.askedAt < maxAgeMs) return Promise.resolve()
    const asking = this.asking.get(service) ?? this.ask(service).finally(() => this.asking.delete(service))
    this.asking.set(service, asking)
    return asking
  }

  private async ask(service: ServiceName): Promise<void> {
    let description: ServiceDescription | undefined
    try {
      description = await this.describe(service)
      this.urls.set(service, new URL(description.url))
    } catch {
      // A service that does not answer is no failure of the gateway: it is merely not offered.
      description = undefined
    }
    this.states.set(service, { askedAt: this.now(), description })
  }
}
