import { readFile } from 'node:fs/promises'
import { connect, credsAuthenticator, type NodeConnectionOptions } from '@nats-io/transport-node'
import { BusUnavailableError } from '../errors.ts'
import { NatsLink } from './nats-link.ts'

export interface NatsOptions {
  /** `host:port` or `nats://` / `tls://` URLs; any of them is tried. */
  readonly servers: readonly string[]
  /** Shown in the server's connection list: the service's name. */
  readonly name: string
  /** Path of a credentials file (JWT and seed). */
  readonly credentialsFile?: string
  /** Path of a file that holds an authentication token. */
  readonly tokenFile?: string
  /** Paths of PEM files; an empty object means TLS with the system's authorities. */
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string }
  /** Uniform in [0, 1), for the spread of reconnects. */
  readonly random: () => number
}

const RECONNECT_MIN_MS = 100
const RECONNECT_SPREAD_MS = 900
const CONNECT_TIMEOUT_MS = 5_000
const PING_INTERVAL_MS = 10_000

/**
 * Connects once (a server that is not there fails the start) and from then on reconnects for ever, after 100 to 1,000 ms each time.
 * Rejects with `BusUnavailableError`. The caller closes the link, after the servers that use it.
 */
export async function connectNats(options: NatsOptions): Promise<NatsLink> {
  try {
    return new NatsLink(await connect(await connectionOptions(options)))
  } catch (error) {
    throw new BusUnavailableError('no NATS server can be reached with these settings', { cause: error })
  }
}

async function connectionOptions(options: NatsOptions): Promise<NodeConnectionOptions> {
  const { credentialsFile, tokenFile, tls, random } = options
  return {
    servers: [...options.servers],
    name: options.name,
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxReconnectAttempts: -1,
    // Credentials that are being rotated may be refused for a while; giving up would need a restart.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => RECONNECT_MIN_MS + random() * RECONNECT_SPREAD_MS,
    ...(credentialsFile && { authenticator: credsAuthenticator(await readFile(credentialsFile)) }),
    ...(tokenFile && { token: (await readFile(tokenFile, 'utf8')).trim() }),
    ...(tls && { tls }),
  }
}
