import type { FreshToken, Login } from './google-login.ts'

/** A token is renewed when less than this is left of it (push §7.2). */
const RENEW_BEFORE_MS = 20 * 60 * 1000
/** After a failed login the next one waits that long, or every notification would ask for itself. */
const LOGIN_PAUSE_MS = 5_000

/** The access token that all requests share: renewed ahead of its end, by one login at a time. */
export class AccessTokens {
  readonly #login: Login
  readonly #now: () => number
  #held: { readonly token: string; readonly expiresAt: number } | undefined
  #underWay: Promise<string> | undefined
  #failure: { readonly error: unknown; readonly until: number } | undefined

  constructor(login: Login, now: () => number) {
    this.#login = login
    this.#now = now
  }

  /** A token that is good at this moment, or undefined when there is none and `renewed` must be waited for. */
  current(): string | undefined {
    const left = (this.#held?.expiresAt ?? 0) - this.#now()
    if (left <= 0) return undefined
    if (left < RENEW_BEFORE_MS && this.#underWay === undefined && !this.#mustPause()) {
      // The token is still good: a login that fails is repeated after the pause, and its error is told when the token is over.
      void this.#start().catch(() => undefined)
    }
    return this.#held?.token
  }

  /** A token from the login under way or from a new one. Rejects with the error of the login, also of one that has failed a moment ago. */
  async renewed(): Promise<string> {
    if (this.#underWay !== undefined) return this.#underWay
    if (this.#failure !== undefined && this.#mustPause()) throw this.#failure.error
    return this.#start()
  }

  /** The provider has refused the token: it is not given out again. Does nothing when another has taken its place. */
  refuse(token: string): void {
    if (this.#held?.token === token) this.#held = undefined
  }

  #mustPause(): boolean {
    return this.#failure !== undefined && this.#now() < this.#failure.until
  }

  #start(): Promise<string> {
    this.#underWay = this.#login()
      .then((fresh) => this.#hold(fresh))
      .catch((error: unknown) => {
        this.#failure = { error, until: this.#now() + LOGIN_PAUSE_MS }
        throw error
      })
      .finally(() => {
        this.#underWay = undefined
      })
    return this.#underWay
  }

  #hold({ token, lifetimeMs }: FreshToken): string {
    this.#failure = undefined
    this.#held = { token, expiresAt: this.#now() + lifetimeMs }
    return token
  }
}
