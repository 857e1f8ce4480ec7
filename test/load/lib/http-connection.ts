import { connect, type TLSSocket } from 'node:tls'

/** An HTTP/1.1 reply. */
export interface HttpReply {
  readonly status: number
  readonly body: Buffer
}

const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i

/** One kept-alive TLS connection with at most one request under way. */
export class HttpConnection {
  readonly #socket: TLSSocket
  #received: Buffer = Buffer.alloc(0)
  #underway: PromiseWithResolvers<HttpReply> | undefined

  private constructor(socket: TLSSocket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#underway?.reject(error))
    socket.on('close', () => this.#underway?.reject(new Error('the connection was closed')))
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    socket.setNoDelay(true)
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve)
      socket.once('error', reject)
    })
    return new HttpConnection(socket)
  }

  /** Sends the bytes of a request; rejects when the connection breaks before its reply is whole. */
  request(bytes: Uint8Array): Promise<HttpReply> {
    this.#received = Buffer.alloc(0)
    this.#underway = Promise.withResolvers()
    this.#socket.write(bytes)
    return this.#underway.promise
  }

  /** Breaks the connection; a request under way is rejected. */
  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const split = this.#received.indexOf('\r\n\r\n')
    if (split < 0) return
    const head = this.#received.toString('latin1', 0, split)
    const body = this.#received.subarray(split + 4)
    if (body.length < Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0)) return
    this.#underway?.resolve({ status: Number(head.slice(9, 12)), body })
    this.#underway = undefined
  }
}
