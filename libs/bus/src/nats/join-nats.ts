import { BusClient } from '../bus-client.ts'
import type { DurableEvents } from '../durable/durable-events.ts'
import { BusUnavailableError } from '../errors.ts'
import type { BusServer, BusServerOptions } from '../nest/bus-server.ts'
import type { BusObserver } from '../observer.ts'
import { connectNats } from './connect-nats.ts'
import { JetStreamEvents } from './jetstream-events.ts'
import { NatsClient } from './nats-client.ts'
import { NatsServer } from './nats-server.ts'

export interface JoinNatsOptions {
  /** Name of the service: its replicas share requests and events. */
  readonly service: string
  readonly servers: readonly string[]
  readonly credentialsFile: string | undefined
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly observer: BusObserver
}

/** The bus as one process has it, over NATS. */
export interface NatsBus {
  readonly client: BusClient
  readonly events: DurableEvents
  /** Longest message in bytes, headers included. */
  readonly maxPayload: number
  /** What answers requests, and takes durable events when `delivery` is given. */
  server(options: Pick<BusServerOptions, 'maxInFlight' | 'delivery'>): BusServer
  /** Rejects with `BusUnavailableError` while the connection is down. */
  check(): Promise<void>
  /** Sends what waits to be sent and closes; the servers must have been closed. */
  close(): Promise<void>
}

/** Connects a service to NATS. Rejects with `BusUnavailableError`. */
export async function joinNats({
  service,
  servers,
  credentialsFile,
  random,
  observer,
}: JoinNatsOptions): Promise<NatsBus> {
  const link = await connectNats({
    servers,
    name: service,
    random,
    ...(credentialsFile !== undefined && { credentialsFile }),
  })
  const events = new JetStreamEvents({ link, random, observer })
  return {
    client: new BusClient({ transport: new NatsClient({ link }), events }),
    events,
    maxPayload: link.maxPayload,
    server: (options) => new NatsServer({ ...options, link, service, events, observer }),
    async check() {
      if (!link.isReady()) throw new BusUnavailableError('the connection to NATS is down')
    },
    close: () => link.close(),
  }
}
