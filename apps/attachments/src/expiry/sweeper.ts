import type { FilesContext } from '../files/context.ts'
import { removeExpired } from './remove-expired.ts'
import { removeLost } from './remove-lost.ts'
import { removeOrphans } from './remove-orphans.ts'

export interface SweepRules {
  /** Between two sweeps of expired files. */
  readonly intervalMs: number
  /** Between two sweeps for orphans, in both directions. */
  readonly orphanIntervalMs: number
  /** Age that a blob without a record must have to count as an orphan. */
  readonly orphanGraceMs: number
}

/** Sweeps in the background, one sweep at a time, on a single timer. */
export class Sweeper {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> = Promise.resolve()
  private orphansDueAt: number
  private isStopped = false

  constructor(
    private readonly context: FilesContext,
    private readonly rules: SweepRules,
  ) {
    // A crash leaves its orphans right before a start, but none is old enough to be told from an upload under way.
    this.orphansDueAt = context.now() + rules.orphanGraceMs
  }

  start(): void {
    this.isStopped = false
    this.schedule()
  }

  /** Ends after the sweep under way. */
  async stop(): Promise<void> {
    this.isStopped = true
    clearTimeout(this.timer)
    await this.running
  }

  /** One sweep: expired files always, orphans when they are due. A failure is reported, and the next sweep tries again. */
  async sweep(): Promise<void> {
    try {
      await removeExpired(this.context)
      const now = this.context.now()
      if (now < this.orphansDueAt) return
      this.orphansDueAt = now + this.rules.orphanIntervalMs
      await removeOrphans(this.context, this.rules.orphanGraceMs)
      await removeLost(this.context)
    } catch (error) {
      this.context.events.cleanupFailed(error)
    }
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.sweep().finally(() => {
        if (!this.isStopped) this.schedule()
      })
    }, this.rules.intervalMs)
    this.timer.unref()
  }
}
