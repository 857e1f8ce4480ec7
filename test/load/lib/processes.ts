import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A process started for one measurement; ended by its own id. */
export interface Running {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()))
}

/** Starts a baseline script and waits for its line `listening <port>`. */
export async function startBaseline(name: string, args: readonly string[] = []): Promise<Running> {
  const script = join(import.meta.dirname, '..', 'baselines', `${name}.ts`)
  const child = spawn(process.execPath, ['--no-warnings', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`baseline ${name} ended with code ${String(code)}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      const match = /listening (\d+)/.exec(chunk.toString())
      if (match) resolve(Number(match[1]))
    })
  })
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGKILL')
      await ended(child)
    },
  }
}

/** How `npm start` runs Node; docs/decisions/005-young-generation.md says why. */
export const SERVER_FLAGS = ['--max-semi-space-size=8']

/** The built standalone on ports of its own, with an empty data directory. */
export interface RunningSotto extends Running {
  readonly readyMs: number
  readonly attachmentsPort: number
  readonly pushPort: number
  readonly nodePort: number
  readonly operationsPort: number
  readonly directory: Discovery
}

export interface DiscoveredNode {
  readonly public_ip: string
  readonly storage_port: number
  readonly pubkey_ed25519: string
  readonly pubkey_x25519: string
  readonly swarm_id: string
}

export interface Discovery {
  readonly nodes: DiscoveredNode[]
  readonly services: { readonly attachments: DiscoveredService; readonly push: DiscoveredService }
}

export interface DiscoveredService {
  readonly url: string
  readonly pubkey_ed25519: string
  readonly pubkey_x25519: string
}

/**
 * Starts `dist/apps/standalone`; `readyMs` counts from spawn to the first `/readyz` that says yes. A data directory that `env` names is left in
 * place.
 */
export async function startSotto(basePort: number, env: Record<string, string> = {}): Promise<RunningSotto> {
  const given = env['SOTTO_DATA_DIR']
  const dataDirectory = given ?? mkdtempSync(join(tmpdir(), 'sotto-bench-'))
  const main = join(import.meta.dirname, '../../../dist/apps/standalone/src/main.js')
  const begin = performance.now()
  const child = spawn(process.execPath, [...SERVER_FLAGS, main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      SOTTO_HTTP_PORT: String(basePort),
      SOTTO_NODE_PORT_BASE: String(basePort + 100),
      SOTTO_DATA_DIR: dataDirectory,
      SOTTO_LOG_LEVEL: 'warn',
      ...env,
    },
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended(child)
    if (given === undefined) rmSync(dataDirectory, { recursive: true, force: true })
  }
  const operationsPort = basePort + 9
  for (;;) {
    if (child.exitCode !== null) throw new Error(`standalone ended with code ${child.exitCode}`)
    const ready = await fetch(`http://127.0.0.1:${operationsPort}/readyz`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (ready) break
    if (performance.now() - begin > 20_000) {
      await stop()
      throw new Error('standalone was not ready after 20 s')
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const readyMs = performance.now() - begin
  const reply = await fetch(`http://127.0.0.1:${basePort}/.well-known/sotto.json`)
  return {
    port: basePort,
    attachmentsPort: basePort + 1,
    pushPort: basePort + 2,
    nodePort: basePort + 100,
    operationsPort,
    pid: child.pid ?? 0,
    readyMs,
    directory: (await reply.json()) as Discovery,
    stop,
  }
}

/** Resident memory of a process in bytes, from `/proc`. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

/** Samples resident memory every 10 ms until `stop` is called, which returns the peak. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = residentBytes(pid)
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid))
  }, 10)
  return {
    stop: () => {
      clearInterval(timer)
      return peak
    },
  }
}
