import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type FakeSubscription, makeSubscription } from './fake-subscription.ts'
import { answerWithFault, type WebPushFault } from './fault.ts'
import { judgePush, type ReceivedPush, type RefusedPush } from './received-push.ts'
import { VapidJudge } from './vapid-judge.ts'

export interface WebPushFakeOptions {
  /** Any free one by default. */
  readonly port?: number
  /** Whether messages are decrypted, which costs a fraction of a millisecond each. */
  readonly opens?: boolean
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number
  /** Is told of every message taken; without it they are kept in `received`. */
  readonly onReceived?: (push: ReceivedPush) => void
}

interface SetFault {
  readonly fault: WebPushFault
  left: number
}

/** A push service and its browsers on loopback: makes subscriptions, takes messages for them, and fails when told to. */
export class WebPushFake {
  /** Messages taken, in order, unless `onReceived` gets them. */
  readonly received: ReceivedPush[] = []
  readonly refused: RefusedPush[] = []
  /** Requests that came, answered or not. */
  requests = 0
  /** Requests without an answer at this moment, and the most there were. */
  inFlight = 0
  mostInFlight = 0
  readonly #subscriptions = new Map<string, FakeSubscription>()
  readonly #faults = new Map<string | undefined, SetFault>()
  readonly #judge: VapidJudge
  readonly #now: () => number

  private constructor(
    private readonly server: Server,
    /** Origin of all endpoints. */
    readonly url: string,
    private readonly options: WebPushFakeOptions,
  ) {
    this.#now = options.now ?? Date.now
    this.#judge = new VapidJudge(url, this.#now)
  }

  static async start(options: WebPushFakeOptions): Promise<WebPushFake> {
    const server = createServer({ keepAlive: true })
    server.listen(options.port ?? 0, '127.0.0.1')
    await once(server, 'listening')
    const fake = new WebPushFake(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, options)
    server.on('request', (request, response) => void fake.#serve(request, response))
    return fake
  }

  /** `host:port`, as the allow-list of an outgoing guard wants it. */
  get destination(): string {
    return new URL(this.url).host
  }

  /** A new browser subscribes; `applicationServerKey` binds the subscription to one VAPID key. */
  subscribe(applicationServerKey?: string): FakeSubscription {
    const subscription = makeSubscription(this.url, applicationServerKey)
    this.#subscriptions.set(subscription.id, subscription)
    return subscription
  }

  /** The next `times` requests (all by default), for one subscription or for every one, meet the fault. */
  fail(
    fault: WebPushFault,
    { times = Infinity, subscription }: { times?: number; subscription?: { id: string } } = {},
  ): void {
    this.#faults.set(subscription?.id, { fault, left: times })
  }

  heal(): void {
    this.#faults.clear()
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    // A sender that went away while it sent has asked for nothing.
    if (body === undefined) return
    const [, id] = /^\/push\/([\w-]+)$/.exec(request.url ?? '') ?? []
    if (request.method === 'POST' && id !== undefined) {
      return this.#push(id, { headers: request.headers, body }, response)
    }
    if (request.url === '/subscriptions' && request.method === 'POST') {
      return sendJson(response, this.subscribe().serviceInfo)
    }
    if (request.url === '/fault' && request.method === 'PUT') {
      this.heal()
      const fault = JSON.parse(body.toString()) as WebPushFault | null
      if (fault !== null) this.fail(fault)
      return sendJson(response, fault)
    }
    response.writeHead(404).end()
  }

  async #push(
    id: string,
    request: { readonly headers: IncomingMessage['headers']; readonly body: Uint8Array },
    response: ServerResponse,
  ): Promise<void> {
    this.requests++
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight)
    response.once('close', () => this.inFlight--)
    const fault = this.#nextFault(id)
    if (fault !== undefined && answerWithFault(fault, response)) return
    if (fault?.kind === 'slow') await delay(fault.delayMs)
    const subscription = this.#subscriptions.get(id)
    const verdict =
      subscription === undefined
        ? { status: 404, reason: 'no such subscription' }
        : await judgePush(
            { ...request, subscription, receivedAt: this.#now() },
            { judge: this.#judge, opens: this.options.opens ?? true },
          )
    if ('reason' in verdict) {
      this.refused.push(verdict)
      response.writeHead(verdict.status).end(verdict.reason)
      return
    }
    if (this.options.onReceived === undefined) this.received.push(verdict)
    else this.options.onReceived(verdict)
    response.writeHead(201, { location: `${this.url}/messages/${this.requests}` })
    response.end(fault?.kind === 'oversized' ? Buffer.alloc(fault.bytes) : undefined)
  }

  #nextFault(id: string): WebPushFault | undefined {
    for (const key of [id, undefined]) {
      const set = this.#faults.get(key)
      if (set !== undefined && set.left > 0) {
        set.left--
        return set.fault
      }
    }
    return undefined
  }
}

/** Starts a push service on loopback. */
export function startWebPushFake(options: WebPushFakeOptions = {}): Promise<WebPushFake> {
  return WebPushFake.start(options)
}

function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => resolve(Buffer.concat(pieces)))
    request.on('close', () => resolve(undefined))
  })
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
