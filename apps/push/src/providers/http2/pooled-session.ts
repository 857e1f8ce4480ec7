import { type ClientHttp2Session, connect, constants, type Settings } from 'node:http2'
import type { Socket } from 'node:net'
import type { Deadline, DeadlineWheel } from '#runtime'
import { type StreamEnd, StreamRecord } from './stream-record.ts'
import type { Http2Request } from './exchange.ts'

/** The default of 10 would not hold the requests of all streams. */
const MEMORY_MEGABYTES = 64

export interface PooledSessionOptions {
  /** Scheme, host and port. */
  readonly endpoint: string
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string
  readonly deadlines: DeadlineWheel
  /** For the connection to be made, for a ping to be answered and for the socket to be closed. */
  readonly deadlineMs: number
  readonly pingAfterMs: number
  /** How long a connection without work is trusted after its last sign of life, should pings have been held up too (a machine that slept). */
  readonly trustMs: number
  /** At most at once, if the peer allows more. */
  readonly streams: number
  /** In its whole life: the ids of streams are numbers of 31 bits and run out. */
  readonly requestsPerSession: number
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

/** Whoever owns a session hears of what happens to it. */
export interface PooledSessionOwner {
  /** There may be room for another stream. */
  onRoom(): void
  /** It takes no more streams; those under way go on. Called once. */
  onRetired(session: PooledSession): void
  /** Its socket is closed and it holds nothing any more. Called once, after `onRetired`. */
  onClosed(session: PooledSession, cause: unknown): void
}

/**
 * One HTTP/2 connection to a provider. It takes streams once the peer has said how many it allows, and until one of the two sides wants it to end; then it is
 * closed as soon as the last stream is over.
 */
export class PooledSession {
  readonly #http2: ClientHttp2Session
  #socket: Socket | undefined
  #isReady = false
  #isRetired = false
  #isShut = false
  #answers = 0
  /** When the last sign of life came, in milliseconds since the Unix epoch. */
  #heardAt = 0
  #limit = 0
  #begun = 0
  #underWay = 0
  /** Streams with a higher id were not looked at by the peer (RFC 9113 §6.8). */
  #lastProcessed = Infinity
  #cause: unknown
  /** First for the connection, then for the next ping or its answer, at last for the socket to be closed. */
  #deadline: Deadline

  constructor(
    private readonly options: PooledSessionOptions,
    private readonly owner: PooledSessionOwner,
  ) {
    const { endpoint, ca, deadlines, deadlineMs } = options
    this.#deadline = deadlines.start(deadlineMs, () => this.break())
    this.#http2 = connect(endpoint, {
      ...(ca === undefined ? {} : { ca }),
      settings: { enablePush: false },
      maxSessionMemory: MEMORY_MEGABYTES,
    })
    this.#http2.on('connect', (_session, socket) => (this.#socket = socket))
    this.#http2.on('remoteSettings', ({ maxConcurrentStreams = 0 }: Settings) => this.#allow(maxConcurrentStreams))
    this.#http2.on('goaway', (_code: number, lastStreamId: number) => {
      this.#lastProcessed = Math.min(this.#lastProcessed, lastStreamId)
      this.retire()
    })
    this.#http2.on('error', (error: Error) => (this.#cause = error))
    this.#http2.on('close', () => {
      this.#deadline.cancel()
      this.#isShut = true
      this.retire()
      owner.onClosed(this, this.#cause)
    })
  }

  /** Whether the connection was made and the peer has sent its settings. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** How many answers it has carried. */
  get answers(): number {
    return this.#answers
  }

  /** Whether it has been silent for too long to be trusted with a request. */
  get isStale(): boolean {
    const { now, trustMs } = this.options
    return this.#isReady && this.#underWay === 0 && now() - this.#heardAt > trustMs
  }

  /** How many streams may be begun now. */
  get room(): number {
    // It is closed a little before the event says why.
    const isOpen = !this.#isRetired && !this.#http2.closed && !this.#http2.destroyed
    return isOpen ? this.#limit - this.#underWay : 0
  }

  /** Sends a request, which there must be room for, and tells, once, how it ended. Returns a function that gives it up. */
  begin(request: Http2Request, onEnd: (end: StreamEnd) => void): () => void {
    const stream = this.#http2.request(request.headers)
    this.#underWay++
    const record = new StreamRecord(stream)
    stream.once('close', () => {
      this.#underWay--
      const end = record.end(this.#lastProcessed)
      if (end.kind === 'answered') {
        this.#answers++
        this.#heardAt = this.options.now()
      }
      if (!this.#isRetired) this.#deadline.renew()
      onEnd(end)
      this.#afterStream()
    })
    stream.end(request.body)
    if (++this.#begun >= this.options.requestsPerSession) this.retire()
    return () => stream.close(constants.NGHTTP2_CANCEL)
  }

  /** Takes no more streams; closes the connection when there is none left. */
  retire(): void {
    if (this.#isRetired) return
    this.#isRetired = true
    this.owner.onRetired(this)
    this.#afterStream()
  }

  #allow(streams: number): void {
    this.#limit = Math.min(streams, this.options.streams)
    if (!this.#isReady && !this.#isRetired) {
      this.#isReady = true
      this.#watch()
    }
    this.owner.onRoom()
  }

  #afterStream(): void {
    if (!this.#isRetired) this.owner.onRoom()
    else if (this.#underWay === 0) this.#shut()
  }

  /** Pings when nothing has come for a while: a connection whose peer is gone looks like one without work. */
  #watch(): void {
    const { deadlines, pingAfterMs, deadlineMs } = this.options
    this.#heardAt = this.options.now()
    this.#deadline.cancel()
    this.#deadline = deadlines.start(pingAfterMs, () => {
      this.#deadline = deadlines.start(deadlineMs, () => this.break())
      this.#http2.ping((error) => {
        // With an error the session is closing, which the event says too.
        if (error === null && !this.#isRetired) this.#watch()
      })
    })
  }

  /** Says goodbye and closes the socket; without mercy when the peer does not take the goodbye in time. */
  #shut(): void {
    if (this.#isShut) return
    this.#isShut = true
    this.#deadline.cancel()
    if (!this.#isReady) return this.break()
    this.#deadline = this.options.deadlines.start(this.options.deadlineMs, () => this.break())
    this.#http2.close()
    this.#http2.destroy()
    // All has been said: the peer need not close its side first.
    this.#socket?.destroySoon()
  }

  /** Ends it at once, with whatever is under way on it. */
  break(): void {
    this.retire()
    this.#isShut = true
    this.#http2.destroy()
    // A session that was closed in peace before would wait for the peer to close its side.
    this.#socket?.destroy()
  }
}
