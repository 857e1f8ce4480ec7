import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtApp, ensureBuilt } from './built.ts'

export interface Discovery {
  readonly nodes: readonly {
    public_ip: string
    storage_port: number
    pubkey_ed25519: string
    pubkey_x25519: string
    url: string
  }[]
  readonly services: { readonly attachments: { url: string; pubkey_ed25519: string; pubkey_x25519: string } }
}

/** The built standalone as a process of its own. */
export interface StandaloneProcess {
  readonly child: ChildProcess
  readonly network: string
  readonly attachments: string
  readonly operations: string
  readonly dataDirectory: string
  /** Everything it has printed so far. */
  output(): string
  discovery(): Promise<Discovery>
  /** Ends it as an operator would; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Ends it without warning. */
  kill(): Promise<void>
}

/** How a process ended by itself. */
export interface Ended {
  readonly code: number | null
  /** What it told the person who started it, on standard error. */
  readonly complaint: string
}

/** An empty directory under the system's temporary one. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'sotto-test-'))
}

/** Every test process has a range of its own below the ports that the system gives to outgoing connections, so that no two take the same base. */
const RANGE_BEGIN = Number(process.env['JEST_WORKER_ID'] ?? 1) % 2 === 1 ? 10_000 : 26_000
const BASES = 60
let nextBase = process.pid

/** A port base with all the ports above it that a standalone needs free at the moment. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < BASES; attempt++) {
    const base = RANGE_BEGIN + (nextBase++ % BASES) * 100
    const ports = [0, 1, 9, ...Array.from({ length: 12 }, (_, i) => 20 + i)].map((offset) => base + offset)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return base
  }
  throw new Error('no free range of ports')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** What still runs when a test process ends, because a test failed before its `stop`. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function spawnApp(
  env: Record<string, string>,
  wrapper: readonly string[] = [],
): { child: ChildProcess; output: () => string; complaint: () => string } {
  const [command, ...before] = [...wrapper, process.execPath]
  const child = spawn(command ?? process.execPath, [...before, builtApp('standalone')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let text = ''
  const collect = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  child.stdout?.on('data', collect)
  let complaint = ''
  child.stderr?.on('data', collect)
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  return { child, output: () => text, complaint: () => complaint }
}

function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('close', resolve))
}

/** Starts the standalone expecting it to end by itself. */
export async function startExpectingEnd(env: Record<string, string>): Promise<Ended> {
  await ensureBuilt()
  const { child, complaint } = spawnApp(env)
  return { code: await exited(child), complaint: complaint() }
}

/** Starts the standalone and waits until it is ready. `wrapper` is a command to run it under. */
export async function startStandaloneProcess(
  env: Record<string, string> = {},
  wrapper: readonly string[] = [],
): Promise<StandaloneProcess> {
  await ensureBuilt()
  const base = env['SOTTO_HTTP_PORT'] ? Number(env['SOTTO_HTTP_PORT']) : await freePortBase()
  const dataDirectory = env['SOTTO_DATA_DIR'] ?? temporaryDirectory()
  const { child, output } = spawnApp(
    {
      SOTTO_HTTP_PORT: String(base),
      SOTTO_NODE_PORT_BASE: String(base + 20),
      SOTTO_DATA_DIR: dataDirectory,
      ...env,
    },
    wrapper,
  )
  const operations = `http://127.0.0.1:${base + 9}`
  const network = `http://127.0.0.1:${base}`
  const deadline = Date.now() + 30_000
  for (;;) {
    const ready = await fetch(`${operations}/readyz`).then(
      (reply) => reply.ok,
      () => false,
    )
    // Asked in this order: a process that has ended is not the one that answered.
    const ended = child.exitCode !== null
    if (ready && !ended) break
    if (ended || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the standalone did not become ready:\n${output()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return {
    child,
    network,
    attachments: `http://127.0.0.1:${base + 1}`,
    operations,
    dataDirectory,
    output,
    discovery: async () => (await (await fetch(`${network}/.well-known/sotto.json`)).json()) as Discovery,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await exited(child)
      if (env['SOTTO_DATA_DIR'] === undefined) rmSync(dataDirectory, { recursive: true, force: true })
      return code
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited(child)
    },
  }
}

/** Runs the built command line tool. */
export async function runCli(
  network: string,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  await ensureBuilt()
  const child = spawn(process.execPath, [builtApp('cli'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', SOTTO_NETWORK: network },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return { code: await exited(child), stdout, stderr }
}
