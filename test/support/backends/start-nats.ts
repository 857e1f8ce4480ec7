import { findProgram } from './find-program.ts'
import { ServerProcess } from './server-process.ts'

/** A real nats-server. */
export interface NatsBackend {
  readonly port: number
  readonly url: string
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** With `jetstream`, streams lie in the server's own directory and survive `kill` and `restart`. */
export async function startNats({ jetstream = false }: { readonly jetstream?: boolean } = {}): Promise<NatsBackend> {
  const server = await ServerProcess.start({
    name: 'nats',
    greeting: { send: '', expect: 'INFO ' },
    command: (port, directory) => {
      const storage = jetstream ? ['-js', '-sd', directory] : []
      return [findProgram(['nats-server']) ?? 'nats-server', '-a', '127.0.0.1', '-p', String(port), ...storage]
    },
  })
  return {
    port: server.port,
    url: `nats://127.0.0.1:${server.port}`,
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  }
}
