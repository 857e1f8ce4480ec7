import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import type { SendOutcome } from '../providers/provider.ts'
import { createDelivery, type Delivery } from './delivery.ts'
import { DEFAULT_DELIVERY_LIMITS } from './delivery-limits.ts'
import { MemoryNotifications } from './memory-notifications.suite.ts'
import { type Mortal, mortal } from './mortal.suite.ts'
import { DOWN, HANDED_OVER, newNotification, NOT_NOW, openContent, useVirtualTime } from './testing.suite.ts'
import { ScriptedProvider } from './testing.suite.ts'

beforeEach(useVirtualTime)
afterEach(() => {
  jest.useRealTimers()
})

const HOUR = 3_600_000
const LIMITS = {
  ...DEFAULT_DELIVERY_LIMITS,
  maxInFlight: 4,
  maxHeld: 6,
  maxWindows: 5,
  leaseMs: 20_000,
  safetyIntervalMs: 30_000,
  breakerThreshold: 4,
}

const world = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  keepsOnlyLast: fc.boolean(),
  latencyMs: fc.nat(5),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom('accept', 'accept', 'accept', 'pass', 'outage', 'storeFails', 'heal', 'kill', 'restart'),
      count: fc.integer({ min: 1, max: 12 }),
      ms: fc.integer({ min: 0, max: 4_000 }),
    }),
    { minLength: 5, maxLength: 40 },
  ),
})
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never

/** Uniform in [0, 1) and the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

class Simulation {
  readonly queue = new MemoryNotifications()
  readonly provider: ScriptedProvider
  /** Payloads that the provider has taken, with repetitions. */
  readonly handedOver: string[] = []
  /** What was accepted, by payload. */
  readonly accepted = new Map<string, { readonly device: number; readonly at: number; readonly expiresAt: number }>()
  readonly sentTooLate: string[] = []
  readonly reported = { count: 0 }
  readonly #random: () => number
  readonly #latencyMs: number
  #mortal: Mortal
  #delivery: Delivery
  #accepted = 0
  isDown = false
  isHealthy = false

  constructor({ seed, keepsOnlyLast, latencyMs }: World) {
    this.#random = chance(seed)
    this.#latencyMs = latencyMs
    this.provider = new ScriptedProvider(keepsOnlyLast)
    this.provider.answer = (request) => this.#answer(request.payload)
    this.#mortal = this.#life()
    this.#delivery = this.#begin()
  }

  async accept(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const number = ++this.#accepted
      const expiresAt = Date.now() + (this.#random() < 0.2 ? 60_000 * this.#random() : 24 * HOUR)
      const device = Math.floor(this.#random() * 8)
      this.accepted.set(String(number), { device, at: Date.now(), expiresAt })
      await this.queue.accept([newNotification(number, device, { expiresAt })], Date.now())
      this.#delivery.wake('log')
    }
  }

  /** The process is gone without a word, and another begins. */
  kill(): void {
    this.#mortal.kill()
    this.#mortal = this.#life()
    this.#delivery = this.#begin()
  }

  async restart(): Promise<void> {
    const stopping = this.#delivery.stop()
    await jest.advanceTimersByTimeAsync(60_000)
    await stopping
    expect([...this.#delivery.states().values()][0]?.inFlight).toBe(0)
    this.kill()
  }

  async checkNow(): Promise<void> {
    const books = (await this.queue.books()).get('log')
    const ended = Object.values(books?.ends ?? {}).reduce((sum, count) => sum + count, 0)
    expect(ended + (books?.waiting ?? 0)).toBe(books?.accepted ?? 0)
    const state = this.#delivery.states().get('log')
    expect(state?.inFlight).toBeLessThanOrEqual(LIMITS.maxInFlight)
    expect(state?.taken).toBeLessThanOrEqual(2 * LIMITS.maxInFlight + LIMITS.maxHeld)
    expect(state?.held).toBeLessThanOrEqual(LIMITS.maxHeld)
  }

  /** Whether the provider has taken it, or for its device one that came no earlier and stood for both. */
  wasHandedOver(id: string): boolean {
    const { device, at } = this.accepted.get(id) ?? { device: -1, at: 0 }
    return this.handedOver.some((payload) => {
      const other = this.accepted.get(payload)
      return payload === id || (this.provider.keepsOnlyLast && other?.device === device && other.at >= at)
    })
  }

  get books(): ReturnType<MemoryNotifications['books']> {
    return this.queue.books()
  }

  #life(): Mortal {
    return mortal(this.queue, this.provider, () => Math.round(this.#random() * this.#latencyMs))
  }

  #begin(): Delivery {
    const { notifications, provider, onDeadToken } = this.#mortal
    const delivery = createDelivery({
      notifications,
      providers: new Map([['log', provider]]),
      onDeadToken,
      open: openContent,
      clock: { now: () => Date.now() },
      monotonic: () => performance.now(),
      random: this.#random,
      limits: LIMITS,
      observer: {
        ended: (_service, _end, count) => (this.reported.count += count),
        attemptFailed: () => {},
        breaker: () => {},
        failed: () => {},
      },
    })
    delivery.start()
    return delivery
  }

  async #answer(payload: string): Promise<SendOutcome> {
    if ((this.accepted.get(payload)?.expiresAt ?? 0) <= Date.now()) this.sentTooLate.push(payload)
    await new Promise((resolve) => setTimeout(resolve, this.#random() < 0.1 ? 3_000 : 30 * this.#random()))
    const outcome = this.isHealthy ? HANDED_OVER : this.#outcome()
    if (outcome.kind === 'handed-over') this.handedOver.push(payload)
    return outcome
  }

  #outcome(): SendOutcome {
    if (this.isDown) return DOWN
    const dice = this.#random()
    if (dice < 0.6) return HANDED_OVER
    if (dice < 0.75) return NOT_NOW
    if (dice < 0.8) return { ...NOT_NOW, afterMs: 100_000 * this.#random() }
    if (dice < 0.9) return DOWN
    if (dice < 0.93) return { ...DOWN, afterMs: 60_000 }
    if (dice < 0.96) return { kind: 'token-dead' }
    if (dice < 0.98) return { kind: 'token-dead', since: Date.now() - 10_000 * this.#random() }
    return { kind: 'refused', error: new Error('never') }
  }
}

async function live(simulation: Simulation, { steps }: World): Promise<void> {
  for (const { kind, count, ms } of steps) {
    // A store that is away accepts nothing either.
    if (kind === 'accept' || kind === 'heal') simulation.queue.failure = undefined
    if (kind === 'accept') await simulation.accept(count)
    else if (kind === 'outage') simulation.isDown = true
    else if (kind === 'storeFails') simulation.queue.failure = new Error('the store is away')
    else if (kind === 'heal') simulation.isDown = false
    else if (kind === 'kill') simulation.kill()
    else if (kind === 'restart') await simulation.restart()
    if (kind === 'pass') await jest.advanceTimersByTimeAsync(ms * count)
    else await jest.advanceTimersByTimeAsync(ms / 10)
    await simulation.checkNow()
  }
  simulation.isHealthy = true
  simulation.queue.failure = undefined
  await jest.advanceTimersByTimeAsync(3 * HOUR)
}

describe('Delivery, whatever happens', () => {
  it('brings every notification to one of the four ends, and what is handed over to its provider', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (one) => {
        const simulation = new Simulation(one)
        await live(simulation, one)
        const books = (await simulation.books).get('log')
        expect(books?.waiting ?? 0).toBe(0)
        expect(simulation.sentTooLate).toEqual([])
        for (const [id, end] of simulation.queue.ended) {
          if (end === 'handed-over') expect(simulation.wasHandedOver(id)).toBe(true)
        }
        jest.clearAllTimers()
      }),
      { numRuns: 60 },
    )
  })

  it('sends nothing again that was handed over, and reports every end, as long as no process dies', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (world) => {
        const one = { ...world, steps: world.steps.filter(({ kind }) => kind !== 'kill' && kind !== 'restart') }
        const simulation = new Simulation(one)
        await live(simulation, one)
        const books = (await simulation.books).get('log')
        expect(new Set(simulation.handedOver).size).toBe(simulation.handedOver.length)
        expect(simulation.reported.count).toBe(books?.accepted ?? 0)
        jest.clearAllTimers()
      }),
      { numRuns: 60 },
    )
  })
})
