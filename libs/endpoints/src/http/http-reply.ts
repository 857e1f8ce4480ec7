import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { EndpointReply, StreamedBody } from '../endpoint.ts'
import { releaseBody } from '../release-body.ts'
import type { StallDeadline } from './stall-deadline.ts'

/** Unread bytes of a request that are read and dropped so that the connection can be used again. */
const DROPPED_BYTES = 65_536
/** Unread bytes that are read and dropped before a connection is closed: the rest of any upload that was nearly allowed. */
const LINGERING_BYTES = 16_777_216

/** Sends `reply`; the connection is closed behind it when much of the request has not been read. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: EndpointReply,
  deadline: StallDeadline,
): Promise<void> {
  const streamed = reply.body instanceof Uint8Array ? undefined : reply.body
  if (response.destroyed) {
    await releaseBody(streamed)
    return
  }
  const headers: OutgoingHttpHeaders = { ...reply.headers }
  if (reply.status !== 304) headers['content-length'] = reply.body.length
  const leaveUnread = isMostlyUnread(request)
  if (leaveUnread) headers['connection'] = 'close'
  response.writeHead(reply.status, headers)
  if (request.method === 'HEAD' || reply.status === 304) await releaseBody(streamed)
  else if (streamed !== undefined) await writeChunks(response, streamed, deadline)
  else if (leaveUnread) response.write(reply.body)
  else {
    response.end(reply.body)
    return
  }
  if (response.destroyed) return
  if (leaveUnread) await dropUnread(request, response, deadline)
  response.end()
}

function isMostlyUnread(request: IncomingMessage): boolean {
  if (request.complete || request.readableEnded) return false
  const length = request.headers['content-length']
  return length === undefined ? request.headers['transfer-encoding'] !== undefined : Number(length) > DROPPED_BYTES
}

/**
 * Reads on, within the deadline, while the client takes in the answer: closing with unread bytes in the buffers would reset the
 * connection, and many clients then lose the answer they were sent.
 */
async function dropUnread(request: IncomingMessage, response: ServerResponse, deadline: StallDeadline): Promise<void> {
  response.flushHeaders()
  await new Promise<void>((resolve) => {
    const finish = deadline.start(resolve)
    const done = (): void => {
      finish()
      resolve()
    }
    let dropped = 0
    const drop = (chunk: Buffer): void => {
      dropped += chunk.length
      if (dropped > LINGERING_BYTES) done()
    }
    request.once('end', done).once('close', done).once('error', done).on('data', drop).resume()
  })
}

async function writeChunks(response: ServerResponse, body: StreamedBody, deadline: StallDeadline): Promise<void> {
  for await (const chunk of body.chunks) {
    await written(response, chunk, deadline)
    if (response.destroyed) return
  }
}

/** Resolves when the system has taken the chunk, so that its memory can be used again, or the connection is gone. */
async function written(response: ServerResponse, chunk: Uint8Array, deadline: StallDeadline): Promise<void> {
  if (response.destroyed) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      finish()
      response.off('close', done)
      resolve()
    }
    const finish = deadline.start(() => {
      response.destroy()
      done()
    })
    response.on('close', done)
    response.write(chunk, done)
  })
}
