/** A day: what a provider asks beyond that is a slip of its clock or of ours. */
const LONGEST_MS = 24 * 3600 * 1000

/**
 * The least delay in milliseconds that a `Retry-After` header asks for (RFC 9110 §10.2.3: whole seconds or an HTTP date), 0 to 86,400,000; undefined
 * when there is none or it is neither. `now` in milliseconds since the Unix epoch.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  const delay = /^\d+$/.test(text) ? Number(text) * 1000 : httpDate(text) - now
  return Number.isNaN(delay) ? undefined : Math.min(Math.max(delay, 0), LONGEST_MS)
}

/** The least delay after a 429 (push §7.4). */
const TOO_MANY_MS = 60_000

/** `afterMs` of an outcome that is to be tried again, if the answer asks for a delay: by its `Retry-After`, and in any case with status 429. */
export function delayOf(
  { status, retryAfter }: { readonly status: number; readonly retryAfter?: string | undefined },
  now: number,
): { readonly afterMs?: number } {
  const asked = parseRetryAfter(retryAfter, now)
  const afterMs = status === 429 ? Math.max(TOO_MANY_MS, asked ?? 0) : asked
  return afterMs === undefined ? {} : { afterMs }
}

/** Milliseconds since the Unix epoch, or NaN. `Date.parse` alone takes far more than dates of HTTP, and some of it as local time. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]+, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN
}
