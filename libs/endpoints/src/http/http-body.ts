import type { IncomingMessage } from 'node:http'
import type { RequestBody } from '../endpoint.ts'
import { ClientGoneError, RequestStalledError } from '../errors.ts'
import type { StallDeadline } from './stall-deadline.ts'

/**
 * The body of an HTTP request as it arrives. The deadline runs only while the service waits for the client, so a slow disk never cuts
 * a client off. Ending the iteration early leaves the connection open for the answer.
 */
export class HttpBody implements RequestBody {
  readonly length: number | undefined
  private wake: (() => void) | undefined
  private stalled = false

  constructor(
    private readonly message: IncomingMessage,
    private readonly deadline: StallDeadline,
  ) {
    this.length = announcedLength(message)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const { message } = this
    const onEvent = (): void => this.wake?.()
    message.on('readable', onEvent).on('end', onEvent).on('close', onEvent).on('error', onEvent)
    try {
      while (!message.readableEnded) {
        const chunk = message.read() as Buffer | null
        if (chunk !== null) yield chunk
        else if (message.errored !== null || message.destroyed) break
        else await this.waitForClient()
      }
      if (!message.complete) throw new ClientGoneError({ cause: message.errored ?? undefined })
    } finally {
      message.off('readable', onEvent).off('end', onEvent).off('close', onEvent)
    }
  }

  private async waitForClient(): Promise<void> {
    if (this.message.readableEnded || this.message.destroyed) return
    await new Promise<void>((resolve) => {
      const finish = this.deadline.start(() => {
        this.stalled = true
        resolve()
      })
      this.wake = () => {
        finish()
        resolve()
      }
    })
    this.wake = undefined
    if (this.stalled) throw new RequestStalledError()
  }
}

function announcedLength({ headers }: IncomingMessage): number | undefined {
  const text = headers['content-length']
  if (text !== undefined) return Number(text)
  return headers['transfer-encoding'] === undefined ? 0 : undefined
}
