import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A real nats-server with JetStream in a directory of its own, which can be killed and started again on the same port. */
export class NatsProcess {
  readonly #directory: string
  #child: ChildProcess | undefined
  #port = -1

  private constructor(directory: string) {
    this.#directory = directory
  }

  static async start(): Promise<NatsProcess> {
    const nats = new NatsProcess(await mkdtemp(join(tmpdir(), 'sotto-nats-')))
    await nats.restart()
    return nats
  }

  get server(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** Starts the server again over the same files. */
  async restart(): Promise<void> {
    await rm(join(this.#directory, 'ports'), { recursive: true, force: true })
    const ports = join(this.#directory, 'ports')
    const args = ['-js', '-sd', join(this.#directory, 'store'), '-a', '127.0.0.1', '-p', String(this.#port)]
    await mkdir(ports)
    const child = spawn('nats-server', [...args, '--ports_file_dir', ports], { stdio: 'ignore' })
    await once(child, 'spawn')
    this.#child = child
    this.#port = await readPort(join(ports, `nats-server_${child.pid}.ports`))
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.#directory, { recursive: true, force: true })
  }
}

async function readPort(file: string): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const port = /nats:\/\/[^"]*:(\d+)/.exec(text)?.[1]
    if (port !== undefined) return Number(port)
    await sleep(20)
  }
  throw new Error('nats-server did not start')
}
