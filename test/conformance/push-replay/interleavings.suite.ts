import fc from 'fast-check'

/** A request of a walk: of which device, at which second, and what is asked for. */
export interface WalkRequest {
  readonly kind: 'subscribe' | 'unsubscribe'
  readonly device: number
  readonly second: number
  readonly namespaces: readonly number[]
  readonly key: number
  readonly wantsData: boolean
}

/** Requests, and the order in which they come, some again and again. */
export interface Walk {
  readonly requests: readonly WalkRequest[]
  readonly order: readonly number[]
}

const requests = fc.record<WalkRequest>({
  kind: fc.constantFrom('subscribe', 'unsubscribe'),
  device: fc.nat(1),
  second: fc.nat(5),
  namespaces: fc.subarray([0, 2, 3], { minLength: 1 }),
  key: fc.nat(2),
  wantsData: fc.boolean(),
})

/** Walks in which signatures of one second meet. */
export const walks: fc.Arbitrary<Walk> = fc.array(requests, { minLength: 2, maxLength: 7 }).chain((some) =>
  fc.record({
    requests: fc.constant(some),
    order: fc.array(fc.nat(some.length - 1), { minLength: 4, maxLength: 20 }),
  }),
)

/** Walks in which every request was signed at a second of its own and comes at least once. */
export const distinctWalks: fc.Arbitrary<Walk> = fc.array(requests, { minLength: 2, maxLength: 6 }).chain((some) => {
  const indices = some.map((_, index) => index)
  return fc.record({
    requests: fc
      .shuffledSubarray(indices, { minLength: some.length })
      .map((seconds) => some.map((request, index) => ({ ...request, second: seconds[index] ?? 0 }))),
    order: fc
      .array(fc.constantFrom(...indices), { maxLength: 8 })
      .chain((again) => fc.shuffledSubarray([...indices, ...again], { minLength: some.length + again.length })),
  })
})

export type ModelAnswer = 'added' | 'updated' | 'superseded' | 'removed' | 'absent'

/** What a relay is to answer and to know of one account. */
export class ModelRelay {
  readonly #subscribed = new Map<number, WalkRequest>()
  readonly #unsubscribedAt = new Map<number, number>()

  answer(request: WalkRequest): ModelAnswer {
    const { kind, device, second } = request
    const known = this.#subscribed.get(device)
    if (kind === 'unsubscribe') {
      if (known !== undefined && known.second > second) return 'absent'
      this.#unsubscribedAt.set(device, Math.max(second, this.#unsubscribedAt.get(device) ?? second))
      return this.#subscribed.delete(device) ? 'removed' : 'absent'
    }
    if (second < (this.#unsubscribedAt.get(device) ?? 0)) return 'superseded'
    this.#unsubscribedAt.delete(device)
    if (known === undefined || second >= known.second) this.#subscribed.set(device, request)
    return known === undefined ? 'added' : 'updated'
  }

  get subscribed(): readonly WalkRequest[] {
    return [...this.#subscribed.values()]
  }
}

/** Of each device what was signed last, if that is a subscription; the requests have seconds of their own. */
export function signedLast(requests: readonly WalkRequest[]): readonly WalkRequest[] {
  const devices = [...Map.groupBy(requests, ({ device }) => device).values()]
  const last = devices.map((some) => some.reduce((one, other) => (other.second > one.second ? other : one)))
  return last.filter(({ kind }) => kind === 'subscribe')
}
