/**
 * A closed-loop HTTP/1.1 load client in a process of its own: `connections` sockets, each with one request in flight, prepared bytes out, and just
 * enough parsing to find the end of a reply. It costs a fraction of a full HTTP client, so that on two cores the server is what is measured.
 *
 * Started by `runLoad` with one JSON argument; prints one JSON line.
 */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface LoadPlan {
  readonly port: number
  readonly tls?: boolean
  /** New connection for every request, as Session Desktop does. */
  readonly reconnect?: boolean
  /** Offer the session ticket of the connection before, when there is a new one for every request. */
  readonly resume?: boolean
  readonly connections: number
  readonly seconds: number
  /** Stop after this many requests, even before `seconds`. */
  readonly maxRequests?: number
  /** File of requests, each with a 4-byte little-endian length in front; used in turn. */
  readonly requestsFile: string
  /** Write a running number over 8 bytes at this offset from the end of the request, so that every body is unique. */
  readonly stampFromEnd?: number
  /** The number as base64 digits, for a body that is text; as raw bytes when absent. */
  readonly stampAsText?: boolean
  /** Pause of a connection between an answer and its next request, in milliseconds. */
  readonly pauseMs?: number
  /** Keep the body of every n-th reply, 200 at most, to look whether it says what it should. */
  readonly sampleEvery?: number
}

/** A reply that was kept. */
export interface Sample {
  /** Index of its request in the file. */
  readonly request: number
  /** The body in base64. */
  readonly body: string
}

export interface LoadResult {
  readonly requests: number
  readonly errors: number
  readonly statuses: Record<string, number>
  readonly seconds: number
  readonly bytesReceived: number
  readonly bytesSent: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Connections that a session ticket has saved the full handshake. */
  readonly resumed: number
  readonly samples: readonly Sample[]
}

const MAX_SAMPLES = 200

function readRequests(file: string): Buffer[] {
  const bytes = readFileSync(file)
  const requests: Buffer[] = []
  for (let offset = 0; offset < bytes.length;) {
    const length = bytes.readUInt32LE(offset)
    requests.push(bytes.subarray(offset + 4, offset + 4 + length))
    offset += 4 + length
  }
  return requests
}

const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i

function run(plan: LoadPlan): Promise<LoadResult> {
  const requests = readRequests(plan.requestsFile)
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  let sent = 0
  let done = 0
  let errors = 0
  let bytesReceived = 0
  let bytesSent = 0
  let resumed = 0
  const samples: Sample[] = []
  let open = plan.connections
  const begin = performance.now()
  const end = begin + plan.seconds * 1000
  const limit = plan.maxRequests ?? Number.POSITIVE_INFINITY
  const stampBase = BigInt(process.pid) << 32n

  /** Process and running number, as 8 bytes that no other request has. */
  const stamp = (bytes: Buffer, fromEnd: number): void => {
    const at = bytes.length - fromEnd
    if (plan.stampAsText === true) {
      const number = Buffer.alloc(6)
      number.writeUIntBE((process.pid % 2 ** 22) * 2 ** 26 + (sent % 2 ** 26), 0, 6)
      bytes.write(number.toString('base64'), at, 'latin1')
    } else bytes.writeBigUInt64LE(stampBase + BigInt(sent), at)
  }

  return new Promise((resolve) => {
    const finish = (): void => {
      if (--open > 0) return
      latencies.sort((a, b) => a - b)
      const at = (part: number): number => latencies[Math.floor((latencies.length - 1) * part)] ?? 0
      resolve({
        requests: done,
        errors,
        statuses,
        seconds: (performance.now() - begin) / 1000,
        bytesReceived,
        bytesSent,
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        maxMs: at(1),
        resumed,
        samples,
      })
    }
    for (let i = 0; i < plan.connections; i++) worker(finish)
  })

  function worker(finish: () => void): void {
    let socket: Socket
    let session: Buffer | undefined
    let startedAt = 0
    let index = 0
    let head: Buffer | undefined
    let kept: Buffer[] | undefined
    let missing = -1
    let isOver = false

    const stop = (): void => {
      isOver = true
      socket.destroy()
      finish()
    }
    const isTimeUp = (): boolean => performance.now() >= end || sent >= limit

    const dial = (): void => {
      if (plan.reconnect) startedAt = performance.now()
      const dialled = plan.tls ? dialTls() : connect({ port: plan.port, host: '127.0.0.1' }, () => next())
      socket = dialled
      dialled.setNoDelay(true)
      dialled.on('data', onData)
      dialled.on('error', () => {
        errors++
      })
      dialled.on('close', () => {
        if (isOver || dialled !== socket) return
        if (isTimeUp() || errors >= 1000) stop()
        else dial()
      })
    }

    const dialTls = (): Socket => {
      const options = { port: plan.port, host: '127.0.0.1', rejectUnauthorized: false }
      const secure = connectTls({ ...options, ...(plan.resume && session && { session }) }, () => {
        if (secure.isSessionReused()) resumed++
        next()
      })
      if (plan.resume) secure.on('session', (ticket) => (session = ticket))
      return secure
    }

    const next = (): void => {
      if (isTimeUp()) return stop()
      index = sent % requests.length
      const request = requests[index] as Buffer
      sent++
      let bytes = request
      if (plan.stampFromEnd !== undefined) {
        bytes = request.length <= 65536 ? Buffer.from(request) : request
        stamp(bytes, plan.stampFromEnd)
      }
      head = undefined
      missing = -1
      const isSample = plan.sampleEvery !== undefined && sent % plan.sampleEvery === 0 && samples.length < MAX_SAMPLES
      kept = isSample ? [] : undefined
      if (!plan.reconnect) startedAt = performance.now()
      bytesSent += bytes.length
      socket.write(bytes)
    }

    const onData = (chunk: Buffer): void => {
      bytesReceived += chunk.length
      if (missing < 0) {
        head = head === undefined ? chunk : Buffer.concat([head, chunk])
        const split = head.indexOf('\r\n\r\n')
        if (split < 0) return
        const text = head.toString('latin1', 0, split)
        const length = CONTENT_LENGTH.exec(text)
        const status = text.slice(9, 12)
        statuses[status] = (statuses[status] ?? 0) + 1
        missing = Number(length?.[1] ?? 0) - (head.length - split - 4)
        kept?.push(head.subarray(split + 4))
      } else {
        missing -= chunk.length
        kept?.push(chunk)
      }
      if (missing > 0) return
      done++
      latencies.push(performance.now() - startedAt)
      if (kept) samples.push({ request: index, body: Buffer.concat(kept).toString('base64') })
      if (!plan.reconnect) {
        if (plan.pauseMs === undefined) return next()
        const used = socket
        setTimeout(() => {
          if (used === socket && !isOver) next()
        }, plan.pauseMs)
        return
      }
      if (isTimeUp()) return stop()
      socket.destroy()
      dial()
    }

    dial()
  }
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('load-client.ts')) {
  const result = await run(JSON.parse(process.argv[2]) as LoadPlan)
  process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
}
