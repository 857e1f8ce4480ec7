import webPush from 'web-push'
import type { VapidKeys } from './vapid-keys.ts'

const VALID_SECONDS = 12 * 3600
/** A header is not used in its last hour: clocks differ, and a request takes time. */
const MARGIN_SECONDS = 3600
const MOST_ORIGINS = 1024

export interface VapidOptions extends VapidKeys {
  /** Whom a push service's operator can write to: `mailto:` or `https:` URL. */
  readonly subject: string
}

interface Header {
  readonly value: string
  readonly reusableUntil: number
}

/**
 * `Authorization` headers by which push services know this server (RFC 8292), signed once for each origin and 11 hours: a signature costs a third of what
 * encrypting a message does. Those of the 1,024 origins used last are kept.
 */
export class VapidHeaders {
  readonly #headers = new Map<string, Header>()

  constructor(private readonly options: VapidOptions) {}

  /** The header for requests to an origin (`https://host[:port]`); `now` in milliseconds since the Unix epoch. */
  headerFor(origin: string, now: number): string {
    const known = this.#headers.get(origin)
    this.#headers.delete(origin)
    const header = known !== undefined && now < known.reusableUntil ? known : this.#sign(origin, now)
    if (this.#headers.size >= MOST_ORIGINS) {
      const [longestUnused] = this.#headers.keys()
      if (longestUnused !== undefined) this.#headers.delete(longestUnused)
    }
    this.#headers.set(origin, header)
    return header.value
  }

  #sign(origin: string, now: number): Header {
    const { subject, publicKey, privateKey } = this.options
    const expires = Math.floor(now / 1000) + VALID_SECONDS
    const { Authorization } = webPush.getVapidHeaders(origin, subject, publicKey, privateKey, 'aes128gcm', expires)
    return { value: Authorization, reusableUntil: (expires - MARGIN_SECONDS) * 1000 }
  }
}
