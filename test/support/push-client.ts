import { type Client, createClient, guardByTls, type SendOptions, systemEnvironment } from '#client'
import { createHttpsTransport } from '#client/node/index'
import { nativeCrypto } from '#crypto/native/index'

/** A client as an application has it, which takes three hops to everything. */
export interface OnionClient {
  readonly client: Client
  /** For each request: remembers how many hops it took. */
  readonly watched: SendOptions
  /** How many hops requests have taken so far. */
  readonly hops: ReadonlySet<number>
  close(): Promise<void>
}

/** Connects to the network that has its discovery document at `network`. */
export function connectClient(network: string): OnionClient {
  const transport = createHttpsTransport()
  const client = createClient({
    environment: systemEnvironment(nativeCrypto),
    transport,
    guardUrl: guardByTls,
    network,
  })
  const hops = new Set<number>()
  const watched: SendOptions = {
    onEvent: (event) => void (event.kind === 'sent' && hops.add(event.path.nodes.length)),
  }
  return { client, watched, hops, close: () => transport.close() }
}
