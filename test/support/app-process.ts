import { type ChildProcess, spawn } from 'node:child_process'
import { until } from './backends/probe.ts'
import { builtApp, ensureBuilt } from './built.ts'

/** A built app as a process that dies and comes back. */
export class AppProcess {
  readonly #app: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #operationsPort: number
  #child: ChildProcess | undefined
  #output = ''

  private constructor(app: string, environment: Readonly<Record<string, string>>, operationsPort: number) {
    this.#app = app
    this.#environment = environment
    this.#operationsPort = operationsPort
  }

  /** Starts `dist/apps/<app>` and waits until it is ready. */
  static async start(
    app: string,
    environment: Readonly<Record<string, string>>,
    operationsPort: number,
  ): Promise<AppProcess> {
    await ensureBuilt()
    const started = new AppProcess(app, environment, operationsPort)
    await started.restart()
    return started
  }

  /** Starts it again after `kill`, and waits until it is ready. */
  async restart(): Promise<void> {
    const child = spawn(process.execPath, [builtApp(this.#app)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        ...this.#environment,
        SOTTO_OPERATIONS_PORT: String(this.#operationsPort),
      },
    })
    this.#child = child
    running.add(child)
    child.once('exit', () => running.delete(child))
    const collect = (chunk: Buffer): void => void (this.#output += chunk.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const isUp = await until(async () => hasEnded(child) || (await this.isReady()), START_MS)
    if (isUp && !hasEnded(child)) return
    child.kill('SIGKILL')
    throw new Error(`${this.#app} did not become ready:\n${this.#output.slice(-2_000)}`)
  }

  /** Everything it has printed so far, in all its lives. */
  output(): string {
    return this.#output
  }

  /** What its operations port says of its readiness. */
  async isReady(): Promise<boolean> {
    return this.#operations('readyz').then(
      ({ ok }) => ok,
      () => false,
    )
  }

  async metrics(): Promise<string> {
    return (await this.#operations('metrics')).text()
  }

  /** Ends it without warning. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Ends it as an operator would. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  #operations(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#operationsPort}/${path}`, { signal: AbortSignal.timeout(ANSWER_MS) })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || hasEnded(child)) return
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill(signal)
    await closed
  }
}

const START_MS = 30_000
const ANSWER_MS = 5_000

/** What still runs when a test process ends, because a test failed before it stopped everything. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
