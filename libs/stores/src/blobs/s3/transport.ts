import * as http from 'node:http'
import * as https from 'node:https'
import { StoreFullError } from '../../errors.ts'

export interface S3Transport {
  readonly agent: http.Agent
  readonly transport: Pick<typeof http, 'request'>
}

/**
 * Connections to the object store, kept alive; `agent.destroy()` ends them. A connection on which nothing moves for `stallTimeout`
 * milliseconds fails its request: the client library has no deadline. An answer 507 fails with `StoreFullError`, because the library does
 * not tell the status of an answer without a body.
 */
export function openTransport(useSSL: boolean, stallTimeout: number): S3Transport {
  const { Agent, request } = useSSL ? https : http
  const agent = new Agent({ keepAlive: true })
  const send = (options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) => {
    const sent = request({ ...options, timeout: stallTimeout }, (response) => {
      if (response.statusCode !== 507) return onResponse?.(response)
      response.resume()
      sent.emit('error', new StoreFullError('the object store is full'))
    })
    sent.on('timeout', () => sent.destroy(new Error('the object store does not answer')))
    return sent
  }
  return { agent, transport: { request: send as typeof http.request } }
}
