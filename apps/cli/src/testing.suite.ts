import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createClient, guardByTls } from '#client'
import { FakeFileServer } from '#client/node/fakes/file-server.suite'
import { answerMailboxes } from '#client/node/fakes/mailbox.suite'
import { FakeNetwork } from '#client/node/fakes/network.suite'
import { fakeEnvironment, fakeNodes, fakeSource } from '#client/node/fakes/environment.suite'
import { nativeCrypto } from '#crypto/native/index'
import type { CliContext } from './context.ts'

/** A context over a network in this process, and what was written to it. */
export interface FakeContext extends CliContext {
  readonly out: string[]
  readonly err: string[]
  readonly onTerminal: string[]
  readonly network: string
  readonly fakeNetwork: FakeNetwork
  readonly server: FakeFileServer
  /** Connections that were opened and not closed again. */
  open: number
}

export interface FakeContextOptions {
  readonly terminal?: boolean
  readonly colours?: boolean
  /** Milliseconds that pass between two looks at the clock. */
  readonly tick?: number
}

/** A fresh network with a file server, and a context that uses it. */
export function fakeContext({ terminal = false, colours = false, tick = 0 }: FakeContextOptions = {}): FakeContext {
  const nodes = fakeNodes(9)
  const fakeNetwork = new FakeNetwork(nodes)
  const server = new FakeFileServer()
  fakeNetwork.serve = server.serve
  fakeNetwork.answer = answerMailboxes(nodes, () => 1_750_000_000_000)
  const out: string[] = []
  const err: string[] = []
  const onTerminal: string[] = []
  let now = 1_750_000_000_000
  return {
    out,
    err,
    onTerminal,
    fakeNetwork,
    server,
    open: 0,
    console: {
      print: (text) => out.push(text),
      complain: (text) => err.push(text),
      terminal: terminal ? terminalInto(onTerminal) : undefined,
      colours,
    },
    crypto: nativeCrypto,
    now: () => (now += tick),
    network: 'http://127.0.0.1:3000',
    signal: new AbortController().signal,
    connect() {
      this.open++
      const source = fakeSource(nodes, { attachments: fakeNetwork.service })
      const client = createClient({
        environment: fakeEnvironment(),
        transport: fakeNetwork,
        guardUrl: guardByTls,
        network: source,
      })
      return {
        client,
        close: () => {
          this.open--
          return Promise.resolve()
        },
      }
    },
  }
}

function terminalInto(written: string[]): NodeJS.WritableStream {
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString())
      done()
    },
  })
  return Object.assign(stream, { isTTY: true, columns: 100 })
}

/** A directory of its own for `use`, removed afterwards. */
export async function inTemporaryDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'sotto-cli-'))
  try {
    await use(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}
