import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { TakenNotification } from '#stores'
import type { WakeUp } from './wake-up.ts'
import { WakeUpWindows } from './wake-up-windows.ts'

const LIMITS = { windowMs: 500, maxHeld: 100, maxDevices: 100 }

function taken(id: number, device: number, acceptedAt = id): TakenNotification {
  const rest = { service: 'log', attempts: 0, expiresAt: Infinity, content: new Uint8Array(0) }
  return { ...rest, id: String(id), device: new Uint8Array(16).fill(device), acceptedAt }
}

function idsOf(wakeUps: readonly (WakeUp | undefined)[]): (string[] | undefined)[] {
  return wakeUps.map((wakeUp) => wakeUp?.notifications.map(({ id }) => id))
}

describe('WakeUpWindows', () => {
  it('lets the first go at once and puts what comes before it has gone into it', () => {
    const windows = new WakeUpWindows(LIMITS)
    const wakeUp = windows.add(taken(1, 1))
    expect(windows.add(taken(2, 1))).toBeUndefined()
    expect(idsOf([wakeUp])).toEqual([['1', '2']])
    expect(windows.held).toBe(0)
  })

  it('holds what comes within the window, and lets it go together when it ends', () => {
    const windows = new WakeUpWindows(LIMITS)
    windows.sent(windows.add(taken(1, 1)) as WakeUp, 1_000)
    expect(idsOf([windows.add(taken(2, 1)), windows.add(taken(3, 1))])).toEqual([undefined, undefined])
    expect([windows.held, windows.nextEnd]).toEqual([2, 1_500])
    expect(windows.due(1_499)).toEqual([])
    const due = windows.due(1_500)
    expect(idsOf(due)).toEqual([['2', '3']])
    expect(windows.held).toBe(0)
    windows.sent(due[0] as WakeUp, 1_600)
    expect(windows.add(taken(4, 1))).toBeUndefined()
    expect(idsOf(windows.due(2_100))).toEqual([['4']])
  })

  it('forgets a device when its window ends and nothing is held', () => {
    const windows = new WakeUpWindows(LIMITS)
    windows.sent(windows.add(taken(1, 1)) as WakeUp, 0)
    expect(windows.devices).toBe(1)
    expect(windows.due(500)).toEqual([])
    expect([windows.devices, windows.nextEnd]).toEqual([0, undefined])
    expect(idsOf([windows.add(taken(2, 1))])).toEqual([['2']])
  })

  it('lets a device go early when more would be held than may be', () => {
    const windows = new WakeUpWindows({ ...LIMITS, maxHeld: 2 })
    windows.sent(windows.add(taken(1, 1)) as WakeUp, 0)
    expect(idsOf([windows.add(taken(2, 1)), windows.add(taken(3, 1)), windows.add(taken(4, 1))])).toEqual([
      undefined,
      undefined,
      ['2', '3', '4'],
    ])
    expect([windows.held, windows.nextEnd]).toEqual([0, undefined])
  })

  it('makes each notification a wake-up of its own when it remembers as many devices as it may', () => {
    const windows = new WakeUpWindows({ ...LIMITS, maxDevices: 1 })
    windows.sent(windows.add(taken(1, 1)) as WakeUp, 0)
    const others = [windows.add(taken(2, 2)), windows.add(taken(3, 2))]
    expect(idsOf(others)).toEqual([['2'], ['3']])
    expect(windows.devices).toBe(1)
  })

  it('loses nothing that is held when a wake-up it does not remember goes to the same device', () => {
    const windows = new WakeUpWindows({ ...LIMITS, maxDevices: 1 })
    windows.sent(windows.add(taken(1, 1)) as WakeUp, 0)
    const unremembered = windows.add(taken(2, 2)) as WakeUp
    windows.due(500)
    windows.sent(windows.add(taken(3, 2)) as WakeUp, 600)
    windows.add(taken(4, 2))
    windows.sent(unremembered, 700)
    windows.dropped(unremembered)
    expect(idsOf(windows.due(1_100))).toEqual([['4']])
  })

  it('makes each notification a wake-up of its own when the window is 0', () => {
    const windows = new WakeUpWindows({ ...LIMITS, windowMs: 0 })
    expect(idsOf([windows.add(taken(1, 1)), windows.add(taken(2, 1))])).toEqual([['1'], ['2']])
    expect(windows.devices).toBe(0)
  })

  it('gives up what is held, all of it or that of a device', () => {
    const windows = new WakeUpWindows(LIMITS)
    for (const device of [1, 2, 3]) windows.sent(windows.add(taken(device, device)) as WakeUp, 0)
    for (const id of [10, 11, 12]) windows.add(taken(id, 1))
    windows.add(taken(20, 2))
    windows.add(taken(30, 3))
    const gone = windows.removeHeld(new Uint8Array(16).fill(1), ({ acceptedAt }) => acceptedAt <= 11)
    expect(gone.map(({ id }) => id)).toEqual(['10', '11'])
    expect(windows.removeHeld(new Uint8Array(16).fill(2), () => true)).toHaveLength(1)
    expect(windows.held).toBe(2)
    expect(windows.releaseHeld().map(({ id }) => id)).toEqual(['12', '30'])
    expect([windows.held, windows.due(500).length, windows.devices]).toEqual([0, 0, 0])
  })

  it('gives every notification back exactly once, and no two wake-ups of a device within a window', () => {
    const step = fc.record({ device: fc.nat(3), passMs: fc.nat(400) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const windows = new WakeUpWindows(LIMITS)
        const given: string[] = []
        const lastSent = new Map<number, number>()
        let now = 0
        const send = (wakeUp: WakeUp | undefined): void => {
          if (wakeUp === undefined) return
          const device = wakeUp.device[0] ?? 0
          expect(now - (lastSent.get(device) ?? -Infinity)).toBeGreaterThanOrEqual(LIMITS.windowMs)
          lastSent.set(device, now)
          given.push(...wakeUp.notifications.map(({ id }) => id))
          windows.sent(wakeUp, now)
        }
        for (const [id, { device, passMs }] of steps.entries()) {
          now += passMs
          for (const wakeUp of windows.due(now)) send(wakeUp)
          send(windows.add(taken(id, device)))
        }
        now += LIMITS.windowMs
        for (const wakeUp of windows.due(now)) send(wakeUp)
        expect(given.map(Number).sort((one, other) => one - other)).toEqual(steps.map((_, id) => id))
        expect(windows.held).toBe(0)
      }),
    )
  })
})
