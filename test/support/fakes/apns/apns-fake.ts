import { generateKeyPairSync, randomUUID } from 'node:crypto'
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { loopbackCertificate } from './loopback-certificate.ts'
import { requestFault } from './request-check.ts'
import { createTokenCheck, type TokenVerdict } from './token-check.ts'

/** A request that the fake has looked at. */
export interface ApnsFakeRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of the answer; 0 for one that got none. */
  readonly status: number
}

/** An answer of APNs, or what happens instead: no answer, a reset after the request was looked at, a refusal before it, the end of all connections. */
export type ApnsFakeAnswer =
  | {
      readonly status: number
      readonly reason?: string
      /** Milliseconds since the Unix epoch. */
      readonly timestamp?: number
      readonly retryAfter?: string
    }
  | 'hang'
  | 'reset'
  | 'refuse'
  | 'break'

export interface ApnsFakeOptions {
  readonly topic?: string
  /** Whether requests are kept or only counted. */
  readonly recording?: 'all' | 'count'
  readonly streams?: number
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly now?: () => number
  /** Called for each notification that was taken, before it is answered. */
  readonly onDelivered?: (request: ApnsFakeRequest) => void
}

/** What a provider needs to use the fake; `key` is the p8 text of a fresh key. */
export interface ApnsFakeAccess {
  readonly endpoint: string
  readonly ca: string
  readonly key: string
  readonly keyId: string
  readonly teamId: string
}

const KEY_ID = 'FAKEKEY001'
const TEAM_ID = 'FAKETEAM01'
const TOPIC = 'com.loki-project.loki-messenger'
const STREAMS = 1000

/** Starts an APNs on loopback: HTTP/2 over TLS, token login and the statuses and reasons of the real one. */
export async function startApnsFake(options: ApnsFakeOptions = {}): Promise<ApnsFake> {
  const certificate = await loopbackCertificate()
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = options.now ?? Date.now
  const server = createSecureServer({
    ...certificate,
    settings: { maxConcurrentStreams: options.streams ?? STREAMS },
    maxSessionMemory: 100,
  })
  const check = createTokenCheck({ publicKey, keyId: KEY_ID, teamId: TEAM_ID, now })
  const fake = new ApnsFake(server, check, options)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  fake.access = {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: certificate.cert,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    keyId: KEY_ID,
    teamId: TEAM_ID,
  }
  return fake
}

export class ApnsFake {
  access: ApnsFakeAccess = { endpoint: '', ca: '', key: '', keyId: '', teamId: '' }
  /** What has been looked at, answered or not; empty when it is only counted. */
  readonly requests: ApnsFakeRequest[] = []
  /** How many requests have been looked at. */
  looked = 0
  /** How many notifications have been taken (status 200). */
  delivered = 0
  /** How many connections there have been. */
  sessionsOpened = 0
  /** The most streams there have been at once on one connection. */
  mostStreams = 0
  /** Milliseconds before each answer. */
  delayMs = 0
  /** Whether new connections are let in. */
  admits = true
  /** Answers to good requests once `answerNext` is used up; 200 when it says nothing. */
  answer: ((request: ApnsFakeRequest) => ApnsFakeAnswer | undefined) | undefined

  readonly #server: Http2SecureServer
  readonly #check: (authorization: string | undefined) => TokenVerdict
  readonly #options: ApnsFakeOptions
  readonly #topic: string
  readonly #sessions = new Map<ServerHttp2Session, { streams: number }>()
  /** A session of Node that has sent GOAWAY no longer notices that its client has gone. */
  readonly #sockets = new Set<Socket>()
  readonly #next: ApnsFakeAnswer[] = []
  readonly #delays = new Set<NodeJS.Timeout>()
  #streams: number | undefined

  constructor(
    server: Http2SecureServer,
    check: (authorization: string | undefined) => TokenVerdict,
    options: ApnsFakeOptions,
  ) {
    this.#server = server
    this.#check = check
    this.#options = options
    this.#topic = options.topic ?? TOPIC
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('session', (session) => this.#welcome(session))
    server.on('stream', (stream, headers) => this.#receive(stream, headers))
    // Clients that break off in the middle of something are what tests are about.
    server.on('sessionError', () => undefined)
  }

  /** Connections that are open now. */
  get sessions(): number {
    return this.#sessions.size
  }

  /** What the next requests get, one answer each. A reason about the provider token or the request itself is for the tests to give. */
  answerNext(...answers: readonly ApnsFakeAnswer[]): void {
    this.#next.push(...answers)
  }

  /** Sends GOAWAY on every connection and leaves it open. Streams with an id above `lastStreamId` (default: none) are dropped unanswered. */
  goAway({ code = constants.NGHTTP2_NO_ERROR, lastStreamId = 0 } = {}): void {
    const data = Buffer.from('{"reason":"Shutdown"}')
    for (const session of this.#sessions.keys()) {
      if (!session.destroyed) session.goaway(code, lastStreamId, data)
    }
  }

  /** Changes how many streams a connection may have at once, for those to come too; resolves when the clients know. */
  async allowStreams(streams: number): Promise<void> {
    this.#streams = streams
    const sessions = [...this.#sessions.keys()]
    await Promise.all(
      sessions.map(
        (session) =>
          new Promise<void>((resolve) => session.settings({ maxConcurrentStreams: streams }, () => resolve())),
      ),
    )
  }

  /** Ends every connection without a word. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    for (const delay of this.#delays) clearTimeout(delay)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.breakConnections()
    await closed
  }

  #welcome(session: ServerHttp2Session): void {
    this.sessionsOpened++
    if (!this.admits) return session.destroy()
    this.#sessions.set(session, { streams: 0 })
    session.on('close', () => this.#sessions.delete(session))
    session.on('error', () => undefined)
    if (this.#streams !== undefined) session.settings({ maxConcurrentStreams: this.#streams })
  }

  #receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const session = stream.session === undefined ? undefined : this.#sessions.get(stream.session as ServerHttp2Session)
    if (session !== undefined) {
      this.mostStreams = Math.max(this.mostStreams, ++session.streams)
      stream.once('close', () => session.streams--)
    }
    const pieces: Buffer[] = []
    stream.on('error', () => undefined)
    stream.on('data', (piece: Buffer) => pieces.push(piece))
    stream.once('end', () => this.#look(stream, headers, Buffer.concat(pieces)))
  }

  #look(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: Buffer): void {
    if (stream.destroyed) return
    const isKept = this.#options.recording !== 'count' || this.#options.onDelivered !== undefined
    const request = { headers, body: isKept || this.answer !== undefined ? body.toString() : '', status: 0 }
    const answer = this.#next.shift() ?? this.#fault(headers, body.length) ?? this.answer?.(request) ?? { status: 200 }
    if (answer === 'refuse') return stream.close(constants.NGHTTP2_REFUSED_STREAM)
    this.#record({ ...request, status: typeof answer === 'string' ? 0 : answer.status })
    if (this.delayMs === 0) return this.#respond(stream, answer)
    const delay = setTimeout(() => {
      this.#delays.delete(delay)
      this.#respond(stream, answer)
    }, this.delayMs)
    this.#delays.add(delay)
  }

  #fault(headers: IncomingHttpHeaders, bodyLength: number): ApnsFakeAnswer | undefined {
    const verdict = this.#check(headers.authorization)
    return verdict === undefined ? requestFault(headers, bodyLength, this.#topic) : { status: 403, reason: verdict }
  }

  #record(request: ApnsFakeRequest): void {
    this.looked++
    if (this.#options.recording !== 'count') this.requests.push(request)
    if (request.status !== 200) return
    this.delivered++
    this.#options.onDelivered?.(request)
  }

  #respond(stream: ServerHttp2Stream, answer: Exclude<ApnsFakeAnswer, 'refuse'>): void {
    if (stream.destroyed || answer === 'hang') return
    if (answer === 'reset') return stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    if (answer === 'break') return this.breakConnections()
    const { status, reason, timestamp, retryAfter } = answer
    const headers = {
      ':status': status,
      'apns-id': randomUUID().toUpperCase(),
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    }
    if (status === 200) return stream.respond(headers, { endStream: true })
    stream.respond({ ...headers, 'content-type': 'application/json' })
    stream.end(JSON.stringify({ reason, timestamp }))
  }
}
