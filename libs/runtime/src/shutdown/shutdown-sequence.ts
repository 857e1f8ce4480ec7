import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../logging/logger.ts'

/** The order in which a process takes leave. Stages of one name run side by side. */
export const SHUTDOWN_STAGES = [
  'stop-traffic', // say "not ready", give load balancers time to notice
  'stop-accepting', // close listeners, finish what is under way
  'drain-bus', // stop consumers, finish their messages
  'flush', // write what is buffered
  'close-stores', // last, because everything above may still write
] as const
export type ShutdownStage = (typeof SHUTDOWN_STAGES)[number]

interface Step {
  readonly stage: ShutdownStage
  readonly run: () => Promise<void> | void
}

/**
 * Collects how parts of a process end and runs it in order, each stage within its deadline. A failing step never keeps the later ones from running.
 * Between `stop-traffic` and what follows lies `noticeMs`: the time in which a load balancer asks `/readyz` once more and sends nothing new.
 */
export class ShutdownSequence {
  readonly #steps: Step[] = []
  #running: Promise<boolean> | undefined

  constructor(
    private readonly logger: Logger,
    private readonly stageTimeoutMs = 15_000,
    private readonly noticeMs = 0,
  ) {}

  add(stage: ShutdownStage, run: () => Promise<void> | void): void {
    this.#steps.push({ stage, run })
  }

  /** Runs everything once; further calls wait for the first. Resolves with whether all of it went well. */
  run(): Promise<boolean> {
    this.#running ??= this.#runAll()
    return this.#running
  }

  /** A process that never said that it takes traffic, such as one whose start failed, has nobody to give notice to. */
  #announces(): boolean {
    return this.noticeMs > 0 && this.#steps.some(({ stage }) => stage === 'stop-traffic')
  }

  async #runAll(): Promise<boolean> {
    let clean = true
    for (const stage of SHUTDOWN_STAGES) {
      if (stage === 'stop-accepting' && this.#announces()) await sleep(this.noticeMs)
      const steps = this.#steps.filter((step) => step.stage === stage)
      if (steps.length === 0) continue
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), this.stageTimeoutMs)
      })
      const all = Promise.allSettled(steps.map(async (step) => step.run()))
      const outcome = await Promise.race([all, late])
      clearTimeout(timer)
      if (outcome === 'late') {
        clean = false
        this.logger.error('shutdown-stage-late', { stage })
        continue
      }
      for (const result of outcome) {
        if (result.status === 'fulfilled') continue
        clean = false
        this.logger.error('shutdown-step-failed', { stage }, result.reason)
      }
    }
    return clean
  }
}
