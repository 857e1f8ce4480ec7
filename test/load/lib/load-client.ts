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
  readonly connections: number
  readonly seconds: number
  /** Stop after this many requests, even before `seconds`. */
  readonly maxRequests?: number
  /** File of requests, each with a 4-byte little-endian length in front; used in turn. */
  readonly requestsFile: string
  /** Write a running number over 8 bytes at this offset from the end of the request, so that every body is unique. */
  readonly stampFromEnd?: number
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
}

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
  let open = plan.connections
  const begin = performance.now()
  const end = begin + plan.seconds * 1000
  const limit = plan.maxRequests ?? Number.POSITIVE_INFINITY
  const stampBase = BigInt(process.pid) << 32n

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
      })
    }
    for (let i = 0; i < plan.connections; i++) worker(finish)
  })

  function worker(finish: () => void): void {
    let socket: Socket
    let startedAt = 0
    let head: Buffer | undefined
    let missing = -1
    let closing = false

    const dial = (): void => {
      const ready = (): void => next()
      socket = plan.tls
        ? connectTls({ port: plan.port, host: '127.0.0.1', rejectUnauthorized: false }, ready)
        : connect({ port: plan.port, host: '127.0.0.1' }, ready)
      socket.setNoDelay(true)
      if (plan.reconnect) startedAt = performance.now()
      socket.on('data', onData)
      socket.on('error', () => {
        errors++
      })
      socket.on('close', () => {
        if (closing) return
        if (performance.now() < end && errors < 1000) dial()
        else {
          closing = true
          finish()
        }
      })
    }

    const next = (): void => {
      if (performance.now() >= end || sent >= limit) {
        closing = true
        socket.destroy()
        finish()
        return
      }
      const request = requests[sent % requests.length] as Buffer
      sent++
      let bytes = request
      if (plan.stampFromEnd !== undefined) {
        bytes = request.length <= 65536 ? Buffer.from(request) : request
        bytes.writeBigUInt64LE(stampBase + BigInt(sent), bytes.length - plan.stampFromEnd)
      }
      head = undefined
      missing = -1
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
      } else {
        missing -= chunk.length
      }
      if (missing > 0) return
      done++
      latencies.push(performance.now() - startedAt)
      if (plan.reconnect) {
        closing = true
        socket.destroy()
        closing = false
        if (performance.now() < end && sent < limit) dial()
        else {
          closing = true
          finish()
        }
      } else next()
    }

    dial()
  }
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('load-client.ts')) {
  const result = await run(JSON.parse(process.argv[2]) as LoadPlan)
  process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
}
