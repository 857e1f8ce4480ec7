import type { TakenNotification } from '#stores'
import { WakeUp } from './wake-up.ts'

export interface WakeUpWindowsOptions {
  /** Milliseconds after a wake-up in which its device gets no other; 0 when each notification is a wake-up of its own. */
  readonly windowMs: number
  /** Notifications held at once, at most. */
  readonly maxHeld: number
  /** Devices remembered at once, at most. */
  readonly maxDevices: number
}

/** What is known of one device, for as long as something waits for it or its window runs. */
interface Device {
  readonly key: string
  /** What its next wake-up will say. */
  next: WakeUp | undefined
  /** Whether `next` may go at once; otherwise it is held until the window is over. */
  isReady: boolean
  /** When the window is over, if one runs. */
  endsAt: number
}

/**
 * Makes one wake-up of notifications for one device that come within a short time: the first goes at once, what comes within the window after it
 * is held and goes together when the window is over. Nothing here is kept but what was taken; times are of a clock that never goes back.
 */
export class WakeUpWindows {
  readonly #options: WakeUpWindowsOptions
  readonly #devices = new Map<string, Device>()
  /** Devices whose window runs. All windows are equally long, so the order of their ends is that of their beginnings. */
  readonly #running = new Set<Device>()
  #held = 0

  constructor(options: WakeUpWindowsOptions) {
    this.#options = options
  }

  /** How many notifications are held. */
  get held(): number {
    return this.#held
  }

  /** How many devices are remembered. */
  get devices(): number {
    return this.#devices.size
  }

  /** When the next window is over, if one runs. */
  get nextEnd(): number | undefined {
    for (const device of this.#running) return device.endsAt
    return undefined
  }

  /** Takes a notification in; the wake-up that may go now because of it, if there is one. */
  add(notification: TakenNotification): WakeUp | undefined {
    const key = keyOf(notification.device)
    const device = this.#devices.get(key)
    if (device === undefined) return this.#first(key, notification)
    if (device.next === undefined) device.next = new WakeUp(notification)
    else device.next.add(notification)
    if (device.isReady) return undefined
    this.#held++
    return this.#held > this.#options.maxHeld ? this.#release(device) : undefined
  }

  /** The wake-up goes now: the window of its device begins. */
  sent(wakeUp: WakeUp, now: number): void {
    const device = this.#devices.get(keyOf(wakeUp.device))
    if (device?.next !== wakeUp) return
    device.next = undefined
    device.isReady = false
    device.endsAt = now + this.#options.windowMs
    this.#running.add(device)
  }

  /** A wake-up that could have gone does not go: the next of the device is its first. */
  dropped(wakeUp: WakeUp): void {
    const device = this.#devices.get(keyOf(wakeUp.device))
    if (device?.next === wakeUp) this.#devices.delete(device.key)
  }

  /** The wake-ups whose window is over; they may go now. Devices for which nothing was held are forgotten. */
  due(now: number): readonly WakeUp[] {
    const due: WakeUp[] = []
    for (const device of this.#running) {
      if (device.endsAt > now) break
      const wakeUp = this.#release(device)
      if (wakeUp === undefined) this.#devices.delete(device.key)
      else due.push(wakeUp)
    }
    return due
  }

  /** Gives up all that is held and returns it; windows run on. */
  releaseHeld(): readonly TakenNotification[] {
    const released: TakenNotification[] = []
    for (const device of this.#running) {
      released.push(...(device.next?.notifications ?? []))
      device.next = undefined
    }
    this.#held = 0
    return released
  }

  /** Gives up what is held for one device and for which `isGone` holds, and returns it. */
  removeHeld(device: Uint8Array, isGone: (notification: TakenNotification) => boolean): readonly TakenNotification[] {
    const known = this.#devices.get(keyOf(device))
    if (known?.next === undefined || known.isReady) return []
    const gone = known.next.remove(isGone)
    this.#held -= gone.length
    if (known.next.notifications.length === 0) known.next = undefined
    return gone
  }

  #first(key: string, notification: TakenNotification): WakeUp {
    const wakeUp = new WakeUp(notification)
    if (this.#options.windowMs > 0 && this.#devices.size < this.#options.maxDevices) {
      this.#devices.set(key, { key, next: wakeUp, isReady: true, endsAt: 0 })
    }
    return wakeUp
  }

  #release(device: Device): WakeUp | undefined {
    this.#running.delete(device)
    device.isReady = true
    this.#held -= device.next?.notifications.length ?? 0
    return device.next
  }
}

/** Shorter than hex, and never seen outside of the map. */
function keyOf(device: Uint8Array): string {
  return Buffer.from(device.buffer, device.byteOffset, device.byteLength).toString('latin1')
}
