import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { STORAGE_VERSION } from '#protocol'
import type { HttpAnswer } from './http-answer.ts'

const SERVER = `Oxen Storage Server/${STORAGE_VERSION.join('.')}`

/** Sends `answer`, with the standard reason phrase, which clients read. Rejects when the client or the source of the body goes away. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
): Promise<void> {
  const isStreamed = !(body instanceof Uint8Array)
  const outgoing: OutgoingHttpHeaders = { server: SERVER, ...headers }
  if (body.length !== undefined) outgoing['content-length'] = body.length
  if (response.destroyed) {
    if (isStreamed) body.stream.destroy()
    return
  }
  const isUnread = !request.complete
  if (isUnread) outgoing['connection'] = 'close'
  response.writeHead(status, outgoing)
  if (isStreamed) await pipeline(body.stream, response)
  else if (isUnread) endUnread(request, response, body)
  else response.end(body)
}

/**
 * Ends a connection whose request has not been read to its end. Closing it at once would reset it, and many clients then lose the answer they
 * were sent; so what arrives is dropped until the client is done or the server's deadline for requests cuts it off.
 */
function endUnread(request: IncomingMessage, response: ServerResponse, body: Uint8Array): void {
  response.write(body)
  const end = (): void => void response.end()
  request.once('end', end).once('close', end).once('error', end).resume()
}
