import { NoResponderError, PayloadTooLargeError } from '../errors.ts'
import type { Reply, ValueReply } from '../transport.ts'

/** Answers bytes with bytes, or a value with a value, or either with a code; never rejects. */
export interface Responder {
  answer(payload: Uint8Array): Promise<Reply>
  answerValue(value: unknown): Promise<ValueReply>
}
/** Takes an at-most-once event; never rejects. */
export type Listener = (payload: Uint8Array) => Promise<void>

export interface InProcessBusOptions {
  /** Longest message in bytes; default 1,048,576, what a NATS server allows by default. */
  readonly maxPayload?: number
}

/**
 * The hub that servers and clients of one process share. Payloads are passed on without a copy: whoever has handed one over must
 * not change it any more, and whoever gets one must not either.
 */
export class InProcessBus {
  readonly maxPayload: number
  readonly #responders = new Map<string, Responder[]>()
  readonly #listeners = new Map<string, Map<string | symbol, Listener[]>>()

  constructor(options: InProcessBusOptions = {}) {
    this.maxPayload = options.maxPayload ?? 1_048_576
  }

  /** Adds a responder; those of one subject take turns. The returned function removes it. */
  respond(subject: string, responder: Responder): () => void {
    return join(
      entry(this.#responders, subject, () => []),
      responder,
    )
  }

  /** Adds a listener; each group gets an event once, its members take turns. The returned function removes it. */
  listen(subject: string, group: string | symbol, listener: Listener): () => void {
    const groups = entry(this.#listeners, subject, () => new Map<string | symbol, Listener[]>())
    const leave = join(
      entry(groups, group, () => []),
      listener,
    )
    return () => {
      leave()
      if (groups.get(group)?.length === 0) groups.delete(group)
    }
  }

  /** Asks one responder. Rejects with `NoResponderError` or `PayloadTooLargeError`. */
  async ask(subject: string, payload: Uint8Array): Promise<Reply> {
    this.#assertFits(subject, payload)
    return this.#responder(subject).answer(payload)
  }

  /** Asks one responder with a value that is not copied. Rejects with `NoResponderError`. */
  async askValue(subject: string, value: unknown): Promise<ValueReply> {
    return this.#responder(subject).answerValue(value)
  }

  /** Hands an event to one listener of each group. Rejects with `PayloadTooLargeError`. */
  async tell(subject: string, payload: Uint8Array): Promise<void> {
    this.#assertFits(subject, payload)
    for (const listeners of this.#listeners.get(subject)?.values() ?? []) void takeTurn(listeners)?.(payload)
  }

  #responder(subject: string): Responder {
    const responder = takeTurn(this.#responders.get(subject) ?? [])
    if (responder === undefined) throw new NoResponderError(`nobody listens on ${subject}`)
    return responder
  }

  #assertFits(subject: string, payload: Uint8Array): void {
    if (payload.length > this.maxPayload) throw new PayloadTooLargeError(`the message on ${subject} is too large`)
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const present = map.get(key) ?? make()
  map.set(key, present)
  return present
}

function join<Member>(members: Member[], member: Member): () => void {
  members.push(member)
  return () => {
    const index = members.indexOf(member)
    if (index >= 0) members.splice(index, 1)
  }
}

function takeTurn<Member>(members: Member[]): Member | undefined {
  const next = members.shift()
  if (next !== undefined) members.push(next)
  return next
}
