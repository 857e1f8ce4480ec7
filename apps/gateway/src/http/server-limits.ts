import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** How long a client may take, in milliseconds. */
export interface ServerTimeouts {
  /** From the first byte of a request to its last. */
  readonly requestMs: number
  /** Without a byte in either direction; longer than any answer takes to begin. */
  readonly idleMs: number
}

/** How long an open connection waits for the next request, in milliseconds. */
const KEEP_ALIVE_MS = 65_000
/** How often overdue requests are looked for, in milliseconds: one timer for all connections of a server. */
export const CHECK_INTERVAL_MS = 1_000

const REFUSALS: ReadonlyMap<string, readonly [status: string, text: string]> = new Map([
  ['HPE_INVALID_CONTENT_LENGTH', ['400 Bad Request', 'invalid Content-Length']],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'Request Timeout\n']],
  ['HPE_HEADER_OVERFLOW', ['431 Request Header Fields Too Large', 'Request Header Fields Too Large\n']],
])

/** Gives `server` the deadlines of the gateway. */
export function limitServer(server: Server, { requestMs, idleMs }: ServerTimeouts): void {
  server.requestTimeout = requestMs
  server.headersTimeout = Math.min(requestMs, 15_000)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.timeout = idleMs
}

/** Answers what is no HTTP request, before there is a request to answer, and closes the connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, text] = REFUSALS.get(error.code ?? '') ?? ['400 Bad Request', 'Bad Request\n']
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  )
}
