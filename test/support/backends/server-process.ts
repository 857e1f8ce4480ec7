import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers, freePort, type Greeting, until } from './probe.ts'

export interface ServerDefinition {
  readonly name: string
  readonly greeting: Greeting
  /** Program and arguments for a loopback port and a directory of its own. */
  readonly command: (port: number, directory: string) => readonly [string, ...string[]]
}

/** A real server on a free loopback port, with a temporary directory that survives its death until `stop`. */
export class ServerProcess {
  readonly #definition: ServerDefinition
  readonly port: number
  readonly directory: string
  #child: ChildProcess | undefined

  private constructor(definition: ServerDefinition, port: number, directory: string) {
    this.#definition = definition
    this.port = port
    this.directory = directory
  }

  /** Starts the server and waits until it answers. */
  static async start(definition: ServerDefinition): Promise<ServerProcess> {
    const directory = await mkdtemp(join(tmpdir(), `sotto-${definition.name}-`))
    const server = new ServerProcess(definition, await freePort(), directory)
    try {
      await server.restart()
    } catch (error) {
      await server.stop()
      throw error
    }
    return server
  }

  /** Starts the server again, on the same port and files, after `kill`. */
  async restart(): Promise<void> {
    const { name, command, greeting } = this.#definition
    const [program, ...args] = command(this.port, this.directory)
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.directory })
    this.#child = child
    let output = ''
    const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-2_000))
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
    const isUp = await until(async () => hasEnded() || (await answers(this.port, greeting)))
    if (!isUp || hasEnded()) throw new Error(`${name} did not start: ${output.trim()}`)
  }

  /** Ends the server at once (SIGKILL) and keeps its files. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** Ends the server and removes its files. */
  async stop(): Promise<void> {
    await this.kill()
    await rm(this.directory, { recursive: true, force: true })
  }
}
