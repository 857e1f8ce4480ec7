import type { ExchangeObserver, SealedMemory, StallDeadline } from './index.ts'

/** A deadline of `milliseconds` on timers of its own. */
export function timerDeadline(milliseconds: number): StallDeadline {
  return {
    start(expire) {
      const timer = setTimeout(expire, milliseconds)
      return () => clearTimeout(timer)
    },
  }
}

/** Memory without bound, which counts what is taken and not given back. */
export class CountedMemory implements SealedMemory {
  inUse = 0
  peak = 0

  async reserve(bytes: number): Promise<() => void> {
    this.inUse += bytes
    this.peak = Math.max(this.peak, this.inUse)
    return () => {
      this.inUse -= bytes
    }
  }
}

/** Remembers what the doors report. */
export class RecordingObserver implements ExchangeObserver {
  readonly answers: string[] = []
  readonly failures: unknown[] = []
  oldKeys = 0

  answered(door: string, route: string, status: number): void {
    this.answers.push(`${door} ${route} ${status}`)
  }

  failed(_door: string, _route: string, error: unknown): void {
    this.failures.push(error)
  }

  openedWithOldKey(): void {
    this.oldKeys += 1
  }
}
