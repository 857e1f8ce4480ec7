import type { Server } from 'node:http'

const EVERY_MS = 50

/**
 * Runs `close` of a server and meanwhile closes each connection as soon as its answer is out. By itself a server closes only those that are
 * idle at that moment, and waits for the others as long as they are kept alive.
 */
export async function closeWhenIdle(server: Server, close: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), EVERY_MS)
  try {
    await close()
  } finally {
    clearInterval(timer)
  }
}
