import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'

/** Apple takes a token for an hour; the newer generation renews it after 50 minutes (push §7.1). */
const LIFETIME_MS = 50 * 60_000
/** Apple complains (`TooManyProviderTokenUpdates`) about tokens renewed more often than that. */
const LEAST_RENEWAL_MS = 20 * 60_000

export interface ProviderTokenOptions {
  readonly key: KeyObject
  readonly keyId: string
  readonly teamId: string
  readonly now: () => number
}

/** The JWT by which APNs knows the operator: one for all requests, signed once however many wait for it. */
export class ProviderToken {
  #current: { readonly madeAt: number; readonly text: Promise<string> } | undefined
  #replaced: { readonly text: string; readonly at: number } | undefined

  constructor(private readonly options: ProviderTokenOptions) {}

  /** The token to use now. Rejects when it cannot be signed; the next call signs again. */
  get(): Promise<string> {
    const now = this.options.now()
    const current = this.#current
    return current !== undefined && now - current.madeAt < LIFETIME_MS ? current.text : this.#make(now)
  }

  /**
   * The token to use in place of one that APNs has rejected; undefined when there is none, because the one before was replaced after a rejection less
   * than 20 minutes ago. However many requests report the same token, it is replaced once.
   */
  async replace(rejected: string): Promise<string | undefined> {
    const current = await this.get()
    // Another request may have reported it while this one waited.
    if (current !== rejected || rejected === this.#replaced?.text) return this.get()
    const now = this.options.now()
    const sinceMs = now - (this.#replaced?.at ?? -Infinity)
    if (sinceMs >= 0 && sinceMs < LEAST_RENEWAL_MS) return undefined
    this.#replaced = { text: rejected, at: now }
    return this.#make(now)
  }

  #make(now: number): Promise<string> {
    const text = this.#sign(now)
    const made = { madeAt: now, text }
    this.#current = made
    text.catch(() => {
      if (this.#current === made) this.#current = undefined
    })
    return text
  }

  #sign(now: number): Promise<string> {
    const { key, keyId, teamId } = this.options
    return new SignJWT({ iss: teamId })
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuedAt(Math.floor(now / 1000))
      .sign(key)
  }
}
