import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Agent } from 'undici'
import {
  DestinationRefusedError,
  DestinationReplyTooLargeError,
  DestinationTimeoutError,
  DestinationUnreachableError,
} from './errors.ts'
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
  readonly resolve?: (host: string) => Promise<readonly Address[]>
  /** Connections kept open to one destination. */
  readonly connectionsPerHost?: number
}

export interface OutgoingRequest {
  readonly method: string
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

async function resolveName(host: string): Promise<readonly Address[]> {
  const found = await lookup(host, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

/**
 * The one way out for requests to addresses that clients name (architecture, rule 8). A name is resolved once, every address is judged, and the connection goes
 * to an address that was judged: a second answer of the name server changes nothing. Redirects are not followed.
 */
export class OutgoingGuard {
  readonly #allowed: ReadonlySet<string>
  readonly #resolve: (host: string) => Promise<readonly Address[]>
  readonly #agent: Agent

  constructor(private readonly options: OutgoingGuardOptions) {
    this.#allowed = new Set(
      options.allowList.flatMap((entry) => {
        const host = entry.toLowerCase()
        return /:\d+$/.test(host) && !/^[^[]*:.*:/.test(host) ? [host] : [`${host}:80`, `${host}:443`]
      }),
    )
    this.#resolve = options.resolve ?? resolveName
    this.#agent = new Agent({
      connections: options.connectionsPerHost ?? 16,
      connect: {
        minVersion: 'TLSv1.2',
        // Runs for each new connection, so a kept-alive pool cannot outlive the judgement of its address.
        lookup: (host, _options, callback) => {
          this.#judge(host).then(
            (address) => callback(null, [{ address: address.address, family: address.family }]),
            (error: unknown) => callback(error as NodeJS.ErrnoException, []),
          )
        },
      },
    })
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
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const port = target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : Number(target.port)
    if (!this.permits(host, port)) throw new DestinationRefusedError('the destination is not allowed')
    // A literal address is never looked up, so it is judged here.
    if (isIP(host) !== 0 && !this.#isListedHost(host) && !isPublicAddress(host)) {
      throw new DestinationRefusedError('the destination is not at a public address')
    }
    const deadline = AbortSignal.timeout(request.deadlineMs)
    const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline
    try {
      const reply = await this.#agent.request({
        origin: target.origin,
        path: target.pathname + target.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal,
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
      if (deadline.aborted) throw new DestinationTimeoutError('no complete answer in time', { cause: error })
      const cause = findRefusal(error)
      if (cause) throw cause
      throw new DestinationUnreachableError('the destination cannot be reached', { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  #isListed(host: string, port: number): boolean {
    const name = host.includes(':') ? `[${host}]` : host
    return this.#allowed.has(`${name.toLowerCase()}:${port}`)
  }

  #isListedHost(host: string): boolean {
    const name = (host.includes(':') ? `[${host}]` : host).toLowerCase()
    return [...this.#allowed].some((entry) => entry.startsWith(`${name}:`))
  }

  async #judge(host: string): Promise<Address> {
    const addresses = await this.#resolve(host)
    const usable = this.#isListedHost(host) ? addresses : addresses.filter(({ address }) => isPublicAddress(address))
    const [first] = usable
    if (first) return first
    if (addresses.length > 0) throw new DestinationRefusedError('the destination is not at a public address')
    throw new DestinationUnreachableError('the name has no address')
  }
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
