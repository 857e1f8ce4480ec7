import type { CustomTransportStrategy } from '@nestjs/microservices'
import type { Logger } from '#runtime'
import type { ProcessConfig } from './config/process-config.ts'

/** The bus's end in this process, over NATS. */
export interface JoinedBus {
  readonly server: CustomTransportStrategy
  close(): Promise<void>
}

/** Questions about this service that may be under way at once; each takes no time. */
const MAX_IN_FLIGHT = 64

/** Connects to NATS, whose library is loaded only here. Rejects with `BusUnavailableError`. */
export async function joinNats(nats: ProcessConfig['nats'], logger: Logger): Promise<JoinedBus> {
  const { connectNats, NatsServer } = await import('#bus/nats/index')
  const { servers, credentialsFile } = nats
  const link = await connectNats({
    servers,
    name: 'sotto-attachments',
    random: Math.random,
    ...(credentialsFile === undefined ? {} : { credentialsFile }),
  })
  const observer = {
    now: () => performance.now(),
    failed: (_subject: string, error: unknown) => logger.warn('bus-request-failed', {}, error),
  }
  const server = new NatsServer({ service: 'attachments', link, maxInFlight: MAX_IN_FLIGHT, observer })
  return { server, close: () => link.close() }
}
