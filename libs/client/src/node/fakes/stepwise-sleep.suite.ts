import type { ClientEnvironment } from '../../environment.ts'
import { RequestAbortedError } from '../../errors.ts'

interface Sleeper {
  readonly ms: number
  wake(): void
}

/** Sleeps that end only when told, so that a test goes through a loop step by step. */
export class StepwiseSleep {
  readonly #sleepers: Sleeper[] = []
  readonly #waiting: ((sleeper: Sleeper) => void)[] = []

  readonly sleep: ClientEnvironment['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        const at = this.#sleepers.indexOf(sleeper)
        if (at >= 0) this.#sleepers.splice(at, 1)
        reject(new RequestAbortedError({ cause: signal?.reason }))
      }
      const sleeper = { ms, wake: resolve }
      if (signal?.aborted === true) {
        abort()
        return
      }
      signal?.addEventListener('abort', abort, { once: true })
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#sleepers.push(sleeper)
      else waiting(sleeper)
    })

  /** The next sleep that has begun or begins, for the test to end. */
  next(): Promise<Sleeper> {
    const sleeper = this.#sleepers.shift()
    return sleeper === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(sleeper)
  }
}
