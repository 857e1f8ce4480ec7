import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type LeavePlace, OriginPlaces, type Promptness } from './origin-places.ts'

const OPTIONS = { shared: 6, sharedPerOrigin: 4, earned: 3 }

/** Enters until there is no place left. */
function fill(places: OriginPlaces, origin: string, most = 100): LeavePlace[] {
  const taken: LeavePlace[] = []
  for (let leave; taken.length < most && (leave = places.tryEnter(origin)) !== undefined;) taken.push(leave)
  return taken
}

function answer(places: OriginPlaces, origin: string, promptness: Promptness, times = 1): void {
  for (let count = 0; count < times; count++) places.tryEnter(origin)?.(promptness)
}

describe('OriginPlaces', () => {
  it('gives an unproven origin its part of the shared places and no more', () => {
    const places = new OriginPlaces(OPTIONS)
    expect(fill(places, 'a')).toHaveLength(4)
    expect(places.inFlight).toBe(4)
  })

  it('gives all unproven origins together no more than the shared places', () => {
    const places = new OriginPlaces(OPTIONS)
    const counts = ['a', 'b', 'c'].map((origin) => fill(places, origin).length)
    expect(counts).toEqual([4, 2, 0])
  })

  it('gives a place to another as soon as one is left, once', () => {
    const places = new OriginPlaces(OPTIONS)
    const [first] = fill(places, 'a')
    fill(places, 'b')
    first?.('unknown')
    first?.('unknown')
    expect(fill(places, 'c')).toHaveLength(1)
  })

  it.each([0, 1, 2, 3, 4])('earns an origin places of its own by %i prompt answers, up to a bound', (answers) => {
    const places = new OriginPlaces(OPTIONS)
    answer(places, 'a', 'prompt', answers)
    expect(fill(places, 'a')).toHaveLength(Math.min(answers, 3) + 4)
  })

  it('lets an origin with earned places in while hanging ones hold the shared', () => {
    const places = new OriginPlaces(OPTIONS)
    answer(places, 'good', 'prompt', 3)
    for (const origin of ['x', 'y', 'z']) fill(places, origin)
    expect(fill(places, 'good')).toHaveLength(3)
    expect(fill(places, 'new')).toHaveLength(0)
  })

  it('takes one earned place for a late answer, half of them for one that never came, none for a failure at once', () => {
    const places = new OriginPlaces({ ...OPTIONS, earned: 10 })
    const requests = ['prompt', 'unknown', 'late', 'hung', 'hung', 'late', 'late', 'hung'] as const
    const earned = requests.map((promptness) => {
      answer(places, 'a', promptness, promptness === 'prompt' ? 8 : 1)
      const taken = fill(places, 'a')
      for (const leave of taken) leave('unknown')
      return taken.length - 4
    })
    expect(earned).toEqual([8, 8, 7, 3, 1, 0, 0, 0])
  })

  it('remembers what 1,024 idle origins have earned, forgetting the one idle longest', () => {
    const places = new OriginPlaces(OPTIONS)
    for (let index = 0; index < 1025; index++) answer(places, `o${index}`, 'prompt', 2)
    const counts = [0, 1, 1024].map((index) => {
      const taken = fill(places, `o${index}`)
      for (const leave of taken) leave('unknown')
      return taken.length
    })
    expect(counts).toEqual([4, 6, 6])
  })

  it('never has more in flight than it may, and forgets nobody who is', () => {
    const step = fc.record({
      origin: fc.constantFrom('a', 'b', 'c', 'd'),
      leaves: fc.option(fc.constantFrom<Promptness>('prompt', 'late', 'hung', 'unknown'), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const places = new OriginPlaces(OPTIONS)
        const held = new Map<string, LeavePlace[]>()
        for (const { origin, leaves } of steps) {
          const own = held.get(origin) ?? held.set(origin, []).get(origin)
          if (leaves !== undefined) own?.shift()?.(leaves)
          else own?.push(...[places.tryEnter(origin)].filter((leave) => leave !== undefined))
          expect(own?.length).toBeLessThanOrEqual(4 + 3)
        }
        const all = [...held.values()].flat()
        expect(places.inFlight).toBe(all.length)
        for (const leave of all) leave('unknown')
        expect(places.inFlight).toBe(0)
      }),
    )
  })
})
