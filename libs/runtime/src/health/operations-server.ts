import { createServer } from 'node:http'
import type { Metrics } from '../metrics/metrics.ts'
import type { Health } from './health.ts'
import { listen } from './listen.ts'

export interface OperationsServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * What an operator's machinery asks: `/livez` (the event loop turns), `/readyz` (should get traffic; 503 otherwise) and `/metrics`. On a port of its own, so
 * that it never meets clients.
 *
 * @throws PortUnavailableError when the port cannot be had
 */
export async function startOperationsServer(options: {
  readonly host: string
  readonly port: number
  readonly health: Health
  readonly metrics: Metrics
}): Promise<OperationsServer> {
  const { health, metrics } = options

  async function answer(path: string): Promise<{ status: number; type: string; body: string }> {
    switch (path) {
      case '/livez':
        return { status: 200, type: 'application/json', body: '{"alive":true}\n' }
      case '/readyz': {
        const readiness = await health.readiness()
        return { status: readiness.ready ? 200 : 503, type: 'application/json', body: `${JSON.stringify(readiness)}\n` }
      }
      case '/metrics':
        return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics.text() }
      default:
        return { status: 404, type: 'text/plain; charset=utf-8', body: 'not found\n' }
    }
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    answer(path).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    )
  })
  const port = await listen(server, { host: options.host, port: options.port, variable: 'SOTTO_OPERATIONS_PORT' })
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
