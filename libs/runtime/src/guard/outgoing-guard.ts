import { lookup } from 'node:dns/promises'
import { EventEmitter } from 'node:events'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import {
  DestinationRefusedError,
  DestinationReplyTooLargeError,
  DestinationTimeoutError,
  DestinationUnreachableError,
} from './errors.ts'
import { DeadlineWheel } from '../limits/deadline-wheel.ts'
import { destinationKey, listedDestinations } from './listed-destinations.ts'
import { isPublicAddress } from './public-address.ts'

export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

export interface OutgoingGuardOptions {
  /** `host` (ports 80 and 443) or `host:port` entries that may be reached whatever their address. */
  readonly allowList: readonly string[]
  /** Whether hosts that are not listed may be reached at public addresses, on ports 80 and 443. */
  readonly allowPublic: boolean
  /** Public addresses of this deployment itself: no destinations unless listed, since what listens there may trust its neighbours. */
  readonly ownAddresses?: readonly string[]
  readonly resolve?: (host: string) => Promise<readonly Address[]>
  /** Connections kept open to one destination. */
  readonly connectionsPerHost?: number
  /** Destinations to which connections are open at the same time; one more cannot be reached until another is left. */
  readonly maxDestinations?: number
}

export interface OutgoingRequest {
  readonly method: string
  /** A `host` among them is left out: the host is the one of the URL. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** For everything: resolving, connecting, sending, and the last byte of the answer. */
  readonly deadlineMs: number
  readonly maxReplyBytes: number
  readonly signal?: AbortSignal
}

export interface OutgoingReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
}

const STANDARD_PORTS = new Set([80, 443])
/** Origins whose judgement is remembered; when there are more, all are judged anew. */
const REMEMBERED_ORIGINS = 1_024
const DEADLINE_RESOLUTION_MS = 50

async function resolveName(host: string): Promise<readonly Address[]> {
  const found = await lookup(host, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

/**
 * The one way out for requests to addresses that clients name (architecture, rule 8). For each new connection a name is resolved once, every address is
 * judged, and the connection goes to an address that was judged: a second answer of the name server changes nothing. Redirects are not followed.
 */
export class OutgoingGuard {
  readonly #listed: ReadonlySet<string>
  readonly #resolve: (host: string) => Promise<readonly Address[]>
  /** Connections to listed destinations, whatever their address. Apart from the others, so that a listed port of a host opens none of its other ports. */
  readonly #listedAgent: Agent
  /** Connections to public addresses. */
  readonly #publicAgent: Agent
  readonly #own = new BlockList()
  /** Agents of origins that were allowed. What a name resolves to is judged with each new connection all the same. */
  readonly #agents = new Map<string, Agent>()
  readonly #deadlines = new DeadlineWheel(DEADLINE_RESOLUTION_MS)

  constructor(private readonly options: OutgoingGuardOptions) {
    this.#listed = listedDestinations(options.allowList)
    this.#resolve = options.resolve ?? resolveName
    this.#listedAgent = this.#agent(() => true)
    this.#publicAgent = this.#agent((address) => this.#isOutside(address))
    for (const address of options.ownAddresses ?? []) this.#own.addAddress(address, family(address))
  }

  /** Whether host and port may be asked at all; the address is judged later. */
  permits(host: string, port: number): boolean {
    return this.#isListed(host, port) || (this.options.allowPublic && STANDARD_PORTS.has(port))
  }

  /**
   * Sends one request and reads the whole answer.
   *
   * @throws DestinationRefusedError, DestinationUnreachableError, DestinationTimeoutError, DestinationReplyTooLargeError
   */
  async request(target: URL, request: OutgoingRequest): Promise<OutgoingReply> {
    const agent = this.#agentFor(target)
    // An emitter stands in for an `AbortSignal`, which costs several times as much to make and to listen to.
    const abort = new EventEmitter()
    const end = (): void => void abort.emit('abort')
    let isLate = false
    const deadline = this.#deadlines.start(request.deadlineMs, () => {
      isLate = true
      end()
    })
    request.signal?.addEventListener('abort', end, { once: true })
    try {
      request.signal?.throwIfAborted()
      const reply = await agent.request({
        origin: target.origin,
        path: target.pathname + target.search,
        method: request.method,
        headers: withoutHost(request.headers),
        body: request.body ?? null,
        signal: abort,
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      return {
        status: reply.statusCode,
        headers: reply.headers,
        body: await readAll(reply.body, request.maxReplyBytes),
      }
    } catch (error) {
      if (error instanceof DestinationReplyTooLargeError) throw error
      if (isLate) throw new DestinationTimeoutError('no complete answer in time', { cause: error })
      const refusal = findRefusal(error)
      if (refusal) throw refusal
      throw new DestinationUnreachableError('the destination cannot be reached', { cause: error })
    } finally {
      deadline.cancel()
      request.signal?.removeEventListener('abort', end)
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#listedAgent.destroy(), this.#publicAgent.destroy()])
  }

  #isListed(host: string, port: number): boolean {
    return this.#listed.has(destinationKey(host, port))
  }

  #isOutside(address: string): boolean {
    return isPublicAddress(address) && !this.#own.check(address, family(address))
  }

  #agentFor(target: URL): Agent {
    const known = this.#agents.get(target.origin)
    if (known !== undefined) return known
    const agent = this.#judgeOrigin(target)
    if (this.#agents.size >= REMEMBERED_ORIGINS) this.#agents.clear()
    this.#agents.set(target.origin, agent)
    return agent
  }

  #judgeOrigin({ protocol, hostname, port: portText }: URL): Agent {
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new DestinationRefusedError('the destination is not asked over HTTP')
    }
    const host = hostname.replace(/^\[|\]$/g, '')
    const port = portText === '' ? (protocol === 'https:' ? 443 : 80) : Number(portText)
    if (this.#isListed(host, port)) return this.#listedAgent
    if (!this.permits(host, port)) throw new DestinationRefusedError('the destination is not allowed')
    // A literal address is never looked up, so it is judged here.
    if (isIP(host) !== 0 && !this.#isOutside(host)) {
      throw new DestinationRefusedError('the destination is not at a public address')
    }
    return this.#publicAgent
  }

  #agent(usable: (address: string) => boolean): Agent {
    // Runs for each new connection, so a kept-alive pool cannot outlive the judgement of its address.
    const lookupJudged: LookupFunction = (host, { all }, callback) => {
      this.#judge(host, usable).then(
        ([first, ...others]) => {
          if (all) callback(null, [first, ...others])
          else callback(null, first.address, first.family)
        },
        (error: unknown) => callback(error as NodeJS.ErrnoException, []),
      )
    }
    return new Agent({
      connections: this.options.connectionsPerHost ?? 16,
      maxOrigins: this.options.maxDestinations ?? 1024,
      connect: { minVersion: 'TLSv1.2', rejectUnauthorized: true, lookup: lookupJudged },
    })
  }

  async #judge(host: string, usable: (address: string) => boolean): Promise<[Address, ...Address[]]> {
    const addresses = await this.#resolve(host)
    const [first, ...others] = addresses.filter(({ address }) => usable(address))
    if (first) return [first, ...others]
    if (addresses.length > 0) throw new DestinationRefusedError('the destination is not at a public address')
    throw new DestinationUnreachableError('the name has no address')
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** A `host` that differs from the URL would reach another server behind the same address, and be the name that TLS checks. */
function withoutHost(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host'))
}

function findRefusal(error: unknown): DestinationRefusedError | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DestinationRefusedError) return cause
  }
  return undefined
}

async function readAll(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > limit) throw new DestinationReplyTooLargeError('the answer is too long')
    pieces.push(piece)
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, length)
}
