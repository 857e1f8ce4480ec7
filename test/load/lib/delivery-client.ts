/**
 * Clients that wait for messages and others that store them, in one process so that one clock times both: how long after the answer to a `store`
 * does the waiting `retrieve` have its own?
 *
 * Started with one JSON argument; prints one JSON line.
 */
import { readFileSync } from 'node:fs'
import { HttpConnection } from './http-connection.ts'
import { httpRequest } from './run-load.ts'

export interface DeliveryPlan {
  /** TLS port of the node. */
  readonly port: number
  /** File with a JSON array of mailboxes; one client waits for each. */
  readonly mailboxesFile: string
  /** Messages that are stored at the same time. */
  readonly writers: number
  /** Messages before the measurement begins. */
  readonly warmUp: number
  /** Messages that are measured. */
  readonly deliveries: number
  /** Stop after this time even with fewer. */
  readonly seconds: number
}

/** A mailbox with the requests of its reader and of those who write to it. */
export interface DeliveryMailbox {
  readonly path: string
  /** Envelope of a signed `retrieve` that waits. */
  readonly retrieve: { readonly method: string; readonly params: Record<string, unknown> }
  /** Envelope of a `store`. */
  readonly store: { readonly method: string; readonly params: Record<string, unknown> }
}

export interface DeliveryResult {
  /** Deliveries that were measured. */
  readonly deliveries: number
  /** From the answer of the `store` to the answer of the `retrieve`; 0 when the latter came first. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Time for the requests of all waiting clients to arrive, in milliseconds. */
const SETTLE_MS = 1000

const post = (path: string, envelope: object): Buffer =>
  httpRequest('POST', path, Buffer.from(JSON.stringify(envelope)))

/** A client that has a `retrieve` under way at all times. */
class WaitingClient {
  readonly mailbox: DeliveryMailbox
  readonly #connection: HttpConnection
  #delivered = Promise.withResolvers<number>()
  #isClosed = false

  constructor(mailbox: DeliveryMailbox, connection: HttpConnection, failed: (error: unknown) => void) {
    this.mailbox = mailbox
    this.#connection = connection
    this.#wait().catch((error: unknown) => {
      if (!this.#isClosed) failed(error)
    })
  }

  close(): void {
    this.#isClosed = true
    this.#connection.close()
  }

  /** When the next message arrives. */
  get delivered(): Promise<number> {
    return this.#delivered.promise
  }

  async #wait(): Promise<void> {
    const { path, retrieve } = this.mailbox
    let lastHash: string | undefined
    for (;;) {
      const params = { ...retrieve.params, ...(lastHash !== undefined && { last_hash: lastHash }) }
      const { status, body } = await this.#connection.request(post(path, { ...retrieve, params }))
      const at = performance.now()
      if (status !== 200) throw new Error(`a waiting retrieve was answered ${status}`)
      const { messages } = JSON.parse(body.toString()) as { messages: readonly { hash: string }[] }
      if (messages.length === 0) continue
      lastHash = messages.at(-1)?.hash
      const delivered = this.#delivered
      this.#delivered = Promise.withResolvers()
      delivered.resolve(at)
    }
  }
}

async function run(plan: DeliveryPlan): Promise<DeliveryResult> {
  const mailboxes = JSON.parse(readFileSync(plan.mailboxesFile, 'utf8')) as DeliveryMailbox[]
  const failure = Promise.withResolvers<never>()
  // It is raced below; until then a rejection is no unhandled one.
  failure.promise.catch(() => undefined)
  const clients: WaitingClient[] = []
  for (const mailbox of mailboxes) {
    clients.push(new WaitingClient(mailbox, await HttpConnection.open(plan.port), failure.reject))
  }
  const writers = await Promise.all(Array.from({ length: plan.writers }, () => HttpConnection.open(plan.port)))
  await Promise.race([new Promise((resolve) => setTimeout(resolve, SETTLE_MS)), failure.promise])

  const end = performance.now() + plan.seconds * 1000
  const wanted = plan.warmUp + plan.deliveries
  const times: number[] = []
  let begun = 0
  const write = async (connection: HttpConnection): Promise<void> => {
    while (begun < wanted && performance.now() < end) {
      const number = begun++
      const client = clients[number % clients.length] as WaitingClient
      const { path, store } = client.mailbox
      const data = Buffer.from(String(store.params['data']), 'base64')
      data.writeUInt32LE(number)
      const delivered = client.delivered
      const request = post(path, { ...store, params: { ...store.params, data: data.toString('base64') } })
      const { status } = await connection.request(request)
      const answeredAt = performance.now()
      if (status !== 200) throw new Error(`a store was answered ${status}`)
      const deliveredAt = await delivered
      if (number >= plan.warmUp) times.push(Math.max(0, deliveredAt - answeredAt))
    }
  }
  await Promise.race([Promise.all(writers.map(write)), failure.promise])
  for (const client of clients) client.close()
  for (const writer of writers) writer.close()

  times.sort((a, b) => a - b)
  const at = (part: number): number => times[Math.floor((times.length - 1) * part)] ?? Infinity
  return { deliveries: times.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('delivery-client.ts')) {
  const result = await run(JSON.parse(process.argv[2]) as DeliveryPlan)
  process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
}
