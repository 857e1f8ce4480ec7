import type { OutgoingNotification, Provider, SendOutcome } from '#apps/push'

/** Holds requests back before they reach a provider, and counts what the provider takes. */
export class GatedProvider implements Provider {
  readonly keepsOnlyLast: boolean
  readonly #provider: Provider
  #gate = Promise.withResolvers<void>()
  #isOpen = false
  #taken = 0
  #refused = 0
  #awaited: { readonly count: number; readonly reached: () => void } | undefined

  constructor(provider: Provider) {
    this.#provider = provider
    this.keepsOnlyLast = provider.keepsOnlyLast
  }

  /** Answers of the provider other than that it has taken the notification. */
  get refused(): number {
    return this.#refused
  }

  open(): void {
    this.#isOpen = true
    this.#gate.resolve()
  }

  shut(): void {
    this.#isOpen = false
    this.#gate = Promise.withResolvers()
  }

  /** Resolves when the provider has taken so many, counted from the start. */
  whenTaken(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { count, reached: resolve }
      if (this.#taken >= count) resolve()
    })
  }

  async send(notification: OutgoingNotification): Promise<SendOutcome> {
    if (!this.#isOpen) await this.#gate.promise
    const outcome = await this.#provider.send(notification)
    if (outcome.kind === 'handed-over') this.#taken++
    else this.#refused++
    if (this.#taken === this.#awaited?.count) this.#awaited.reached()
    return outcome
  }

  close(): Promise<void> {
    return this.#provider.close()
  }
}
