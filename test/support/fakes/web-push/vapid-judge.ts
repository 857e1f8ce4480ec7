import { importJWK, jwtVerify } from 'jose'

/** Who sends, by the header `Authorization: vapid t=…, k=…` (RFC 8292 §3). */
export interface VapidSender {
  readonly publicKey: string
  readonly subject: string
  /** Seconds since the Unix epoch. */
  readonly expires: number
}

const HEADER = /^vapid t=([\w.-]+), ?k=([\w-]{87})$/
const LONGEST_SECONDS = 24 * 3600
const MOST_KNOWN = 1000

/** Verifies VAPID headers; each token once, since senders use one for hours. */
export class VapidJudge {
  readonly #known = new Map<string, VapidSender>()

  /** `origin`: of this push service. `now` in milliseconds since the Unix epoch. */
  constructor(
    private readonly origin: string,
    private readonly now: () => number,
  ) {}

  /** The sender, or undefined when the header is missing, malformed, not for this push service, over or not signed by its key. */
  async senderOf(header: string | undefined): Promise<VapidSender | undefined> {
    const [, token, publicKey] = HEADER.exec(header ?? '') ?? []
    if (header === undefined || token === undefined || publicKey === undefined) return undefined
    const known = this.#known.get(header)
    if (known !== undefined && this.now() < known.expires * 1000) return known
    const sender = await this.#verify(token, publicKey)
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    if (sender !== undefined) this.#known.set(header, sender)
    return sender
  }

  async #verify(token: string, publicKey: string): Promise<VapidSender | undefined> {
    const point = Buffer.from(publicKey, 'base64url')
    const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)] as const
    const currentDate = new Date(this.now())
    try {
      const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256')
      const { payload } = await jwtVerify(token, key, { audience: this.origin, algorithms: ['ES256'], currentDate })
      const { exp: expires = 0, sub: subject = '' } = payload
      const isOfThisDay = expires - currentDate.getTime() / 1000 <= LONGEST_SECONDS
      return isOfThisDay && /^(mailto|https):/.test(subject) ? { publicKey, subject, expires } : undefined
    } catch {
      // Whatever is wrong with a token, the answer is the same.
      return undefined
    }
  }
}
