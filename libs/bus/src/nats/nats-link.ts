import type { NatsConnection } from '@nats-io/transport-node'

/** What a server carries by default; asked for only before it has said what it carries. */
const DEFAULT_MAX_PAYLOAD = 1_048_576

/** One connection to NATS, shared by everything in a process that needs it, and what is known of its state. */
export class NatsLink {
  readonly connection: NatsConnection
  #connected = true

  constructor(connection: NatsConnection) {
    this.connection = connection
    void this.#watch()
  }

  /** Longest message in bytes, headers included, that the server carries. */
  get maxPayload(): number {
    return this.connection.info?.max_payload ?? DEFAULT_MAX_PAYLOAD
  }

  /** True while messages can be sent and received: the readiness of whoever needs the bus. */
  isReady(): boolean {
    return this.#connected && !this.connection.isClosed() && !this.connection.isDraining()
  }

  /** Sends what waits to be sent and closes. Without a connection to the server, closes at once. */
  async close(): Promise<void> {
    if (this.connection.isClosed()) return
    if (this.#connected) await this.connection.drain()
    else await this.connection.close()
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect' || type === 'close') this.#connected = false
      if (type === 'reconnect') this.#connected = true
    }
  }
}
