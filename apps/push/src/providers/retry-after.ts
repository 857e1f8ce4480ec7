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

/** Milliseconds since the Unix epoch, or NaN. `Date.parse` alone takes far more than dates of HTTP, and some of it as local time. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]+, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN
}
