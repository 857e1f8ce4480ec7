import type { OutgoingNotification, Provider, SendOutcome } from './provider.ts'

export interface LazyProviderOptions {
  readonly keepsOnlyLast: boolean
  /** Makes the provider; called again when it has rejected. */
  readonly open: () => Promise<Provider>
}

/** A provider that is made when the first notification comes, so that a relay without such devices does not carry its library. */
export class LazyProvider implements Provider {
  readonly keepsOnlyLast: boolean
  readonly #open: () => Promise<Provider>
  #provider: Promise<Provider> | undefined

  constructor({ keepsOnlyLast, open }: LazyProviderOptions) {
    this.keepsOnlyLast = keepsOnlyLast
    this.#open = open
  }

  async send(notification: OutgoingNotification): Promise<SendOutcome> {
    let provider: Provider
    try {
      this.#provider ??= this.#open()
      provider = await this.#provider
    } catch (cause) {
      this.#provider = undefined
      return { kind: 'retry', blame: 'provider', error: new Error('the provider cannot be made', { cause }) }
    }
    return provider.send(notification)
  }

  async close(): Promise<void> {
    const provider = await this.#provider
    await provider?.close()
  }
}
