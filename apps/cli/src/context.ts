import { text } from 'node:stream/consumers'
import { type Client, createClient, guardByTls, systemEnvironment } from '#client'
import { createHttpsTransport } from '#client/node/index'
import type { Crypto } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'

/** Where a command writes to, and whether a person looks at it. */
export interface Console {
  /** One line, or several, on standard output. */
  print(text: string): void
  /** One line on standard error. */
  complain(text: string): void
  /** The stream for progress bars; undefined when standard error is no terminal. */
  readonly terminal: NodeJS.WritableStream | undefined
  readonly colours: boolean
}

/** A client and how to end its connections. */
export interface Connection {
  readonly client: Client
  close(): Promise<void>
}

/** What a command takes from its surroundings; tests pass their own. */
export interface CliContext {
  readonly console: Console
  readonly crypto: Crypto
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Address of the network. */
  readonly network: string
  /** All of standard input, as text. */
  readInput(): Promise<string>
  /** Aborts when the person interrupts the command. */
  readonly signal: AbortSignal
  connect(): Connection
}

export const DEFAULT_NETWORK = 'http://127.0.0.1:3000'

/** The context of a real run: the process's streams, and the network named in `SOTTO_NETWORK`. */
export function systemContext(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): CliContext {
  const { SOTTO_NETWORK: named = '' } = env
  const network = named === '' ? DEFAULT_NETWORK : named
  return {
    console: {
      print: (text) => console.log(text),
      complain: (text) => console.error(text),
      terminal: process.stderr.isTTY ? process.stderr : undefined,
      colours: process.stdout.isTTY && env['NO_COLOR'] === undefined,
    },
    crypto: nativeCrypto,
    now: () => Date.now(),
    network,
    readInput: () => text(process.stdin),
    signal,
    connect: () => connectTo(network, nativeCrypto),
  }
}

/** A client over TLS connections of its own, with no memory of earlier runs. */
export function connectTo(network: string, crypto: Crypto): Connection {
  const transport = createHttpsTransport()
  const client = createClient({ environment: systemEnvironment(crypto), transport, guardUrl: guardByTls, network })
  return { client, close: () => transport.close() }
}
