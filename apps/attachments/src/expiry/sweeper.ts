import { PeriodicTask } from '#runtime'
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
  readonly #task: PeriodicTask
  #orphansDueAt: number

  constructor(
    private readonly context: FilesContext,
    private readonly rules: SweepRules,
  ) {
    // A crash leaves its orphans right before a start, but none is old enough to be told from an upload under way.
    this.#orphansDueAt = context.now() + rules.orphanGraceMs
    this.#task = new PeriodicTask({
      intervalMs: rules.intervalMs,
      run: () => this.sweep(),
      failed: (error) => context.events.cleanupFailed(error),
    })
  }

  start(): void {
    this.#task.start()
  }

  /** Ends after the sweep under way. */
  stop(): Promise<void> {
    return this.#task.stop()
  }

  /** One sweep: expired files always, orphans when they are due. */
  async sweep(): Promise<void> {
    await removeExpired(this.context)
    const now = this.context.now()
    if (now < this.#orphansDueAt) return
    this.#orphansDueAt = now + this.rules.orphanIntervalMs
    await removeOrphans(this.context, this.rules.orphanGraceMs)
    await removeLost(this.context)
  }
}
