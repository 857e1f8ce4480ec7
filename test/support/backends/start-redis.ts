import { findProgram } from './find-program.ts'
import type { Greeting } from './probe.ts'
import { ServerProcess } from './server-process.ts'

export const REDIS_NAMES = ['redis-server', 'valkey-server']
export const REDIS_GREETING: Greeting = { send: 'PING\r\n', expect: '+PONG' }

/** Common to every Redis of the tests: loopback only, with an append-only file, so that it survives `kill` and `restart`. */
export function redisCommand(port: number, directory: string, args: readonly string[]): [string, ...string[]] {
  const program = findProgram(REDIS_NAMES) ?? 'redis-server'
  const network = ['--bind', '127.0.0.1', '--port', String(port)]
  return [program, ...network, '--dir', directory, '--save', '', '--appendonly', 'yes', ...args]
}

/** A real Redis or Valkey. */
export interface RedisBackend {
  readonly port: number
  readonly url: string
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** `args` are further arguments of redis-server, such as `['--maxmemory', '4mb']`. */
export async function startRedis({ args = [] }: { readonly args?: readonly string[] } = {}): Promise<RedisBackend> {
  const server = await ServerProcess.start({
    name: 'redis',
    greeting: REDIS_GREETING,
    command: (port, directory) => redisCommand(port, directory, args),
  })
  return {
    port: server.port,
    url: `redis://127.0.0.1:${server.port}`,
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  }
}
