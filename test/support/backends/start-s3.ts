import { join } from 'node:path'
import { ServerProcess } from './server-process.ts'

const S3RVER = join(import.meta.dirname, '../../../node_modules/s3rver/bin/s3rver.js')

/** A real S3 server process. */
export interface S3Backend {
  readonly port: number
  readonly url: string
  readonly accessKey: string
  readonly secretKey: string
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The server takes objects of one part only and has the one pair of keys below. */
export async function startS3(): Promise<S3Backend> {
  const server = await ServerProcess.start({
    name: 's3',
    greeting: { send: 'GET / HTTP/1.0\r\n\r\n', expect: 'HTTP/1.' },
    command: (port, directory) => {
      const network = ['--address', '127.0.0.1', '--port', String(port), '--no-vhost-buckets']
      return [process.execPath, '--no-warnings', S3RVER, '--directory', directory, '--silent', ...network]
    },
  })
  return {
    port: server.port,
    url: `http://127.0.0.1:${server.port}`,
    accessKey: 'S3RVER',
    secretKey: 'S3RVER',
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  }
}
