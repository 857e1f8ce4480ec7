/** Answers when the thing can serve; throws otherwise. */
export type HealthCheck = () => Promise<void>

export interface Readiness {
  readonly ready: boolean
  /** By name of the check. */
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>
}

/** Whether this process should get traffic: nothing it depends on fails and it is not on its way out. */
export class Health {
  readonly #checks = new Map<string, HealthCheck>()
  #draining = false

  constructor(private readonly checkTimeoutMs = 2000) {}

  /** Registers what has to work for this process to serve. Never a provider outside the deployment: its outage must not stop ours. */
  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check)
  }

  /** From here on the process says that it wants no more traffic. */
  drain(): void {
    this.#draining = true
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Runs every check, each within its time. */
  async readiness(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await this.#passes(check)] as const),
    )
    const ready = !this.#draining && results.every(([, passed]) => passed)
    return { ready, checks: Object.fromEntries(results.map(([name, passed]) => [name, passed ? 'ok' : 'failing'])) }
  }

  async #passes(check: HealthCheck): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.checkTimeoutMs)
    })
    const answer = Promise.resolve()
      .then(check)
      .then(
        () => true,
        // The result is the report: which check fails is in the reply, why is in the log of whoever owns the dependency.
        () => false,
      )
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
