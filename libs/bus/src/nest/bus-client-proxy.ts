import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices'
import { BadContractError } from '../errors.ts'
import type { RequestOptions, RequestTransport } from '../transport.ts'

/**
 * Nest's view of a transport: `send(subject, bytes)` and `emit(subject, bytes)`. Callers with a contract use `BusClient`, which
 * encodes and decodes; here payloads are bytes already.
 */
export abstract class BusClientProxy extends ClientProxy implements RequestTransport {
  readonly #defaultTimeoutMs: number

  protected constructor(defaultTimeoutMs: number) {
    super()
    this.#defaultTimeoutMs = defaultTimeoutMs
  }

  abstract requestBytes(subject: string, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array>
  abstract publishBytes(subject: string, payload: Uint8Array): Promise<void>

  /** The connection exists before the client does, so there is nothing to open or close. */
  async connect(): Promise<void> {}
  async close(): Promise<void> {}

  unwrap<T>(): T {
    throw new BadContractError('a bus client wraps nothing: use the connection it was made with')
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const abort = new AbortController()
    const { subject, payload } = read(packet)
    this.requestBytes(subject, payload, { timeoutMs: this.#defaultTimeoutMs, signal: abort.signal }).then(
      (response) => callback({ response, isDisposed: true }),
      (err: unknown) => callback({ err }),
    )
    return () => abort.abort()
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const { subject, payload } = read(packet)
    return (await this.publishBytes(subject, payload)) as T
  }
}

function read(packet: ReadPacket): { subject: string; payload: Uint8Array } {
  const { pattern: subject, data: payload } = packet as { pattern: unknown; data: unknown }
  if (typeof subject !== 'string' || !(payload instanceof Uint8Array)) {
    throw new BadContractError('the bus carries bytes on a declared subject')
  }
  return { subject, payload }
}
