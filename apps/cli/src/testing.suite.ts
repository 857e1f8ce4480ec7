import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type ClientEnvironment, createClient, guardByTls } from '#client'
import { StepwiseSleep } from '#client/node/fakes/stepwise-sleep.suite'
import { FakePushRelay } from '#client/node/fakes/push-relay.suite'
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
  readonly relay: FakePushRelay
  /** Connections that were opened and not closed again. */
  open: number
}

export interface FakeContextOptions {
  readonly terminal?: boolean
  readonly colours?: boolean
  /** Milliseconds that pass between two looks at the clock. */
  readonly tick?: number
  /** What standard input holds. */
  readonly input?: string
  readonly signal?: AbortSignal
}

/** A fresh network with a file server, and a context that uses it. */
export function fakeContext({
  terminal = false,
  colours = false,
  tick = 0,
  input = '',
  signal = new AbortController().signal,
}: FakeContextOptions = {}): FakeContext {
  const nodes = fakeNodes(9)
  const fakeNetwork = new FakeNetwork(nodes)
  const server = new FakeFileServer()
  const relay = new FakePushRelay()
  fakeNetwork.serve = (request) => (/^\/(un)?subscribe$/.test(request.endpoint) ? relay : server).serve(request)
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
    relay,
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
    readInput: () => Promise.resolve(input),
    signal,
    connect() {
      this.open++
      const { service } = fakeNetwork
      const source = fakeSource(nodes, { attachments: service, push: { ...service, url: 'http://127.0.0.1:3002' } })
      const environment = fakeEnvironment()
      const client = createClient({
        environment: { ...environment, sleep: impatient(environment.sleep) },
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

/** Short pauses are over at once; long ones, between renewals, never, for the command would do nothing else. */
function impatient(sleep: ClientEnvironment['sleep']): ClientEnvironment['sleep'] {
  const endless = new StepwiseSleep()
  return (ms, signal) => (ms < 600_000 ? sleep : endless.sleep)(ms, signal)
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
