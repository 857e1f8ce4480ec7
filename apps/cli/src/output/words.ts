const DAY = 86_400
const HOUR = 3_600
const MINUTE = 60

/** A number of bytes in words, such as `10,000,000 bytes`. */
export function inBytes(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en-US')} bytes`
}

/** A duration in words: milliseconds below one second, else seconds with one decimal. */
export function inSeconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}

/** An instant (Unix seconds) as `2026-12-09 07:44 UTC`; `unknown` when no date can hold it. */
export function atTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1_000)
  return Number.isNaN(date.getTime()) ? 'unknown' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** How far an instant (Unix seconds) lies from `now` (ms since the epoch): `in 13 days`, `5 minutes ago`. */
export function fromNow(unixSeconds: number, now: number): string {
  const seconds = unixSeconds - now / 1_000
  const distance = Math.abs(seconds)
  if (distance < MINUTE) return seconds < 0 ? 'just now' : 'in less than a minute'
  const [count, unit] =
    distance >= DAY
      ? [distance / DAY, 'day']
      : distance >= HOUR
        ? [distance / HOUR, 'hour']
        : [distance / MINUTE, 'minute']
  const words = `${Math.floor(count)} ${unit}${Math.floor(count) === 1 ? '' : 's'}`
  return seconds < 0 ? `${words} ago` : `in ${words}`
}

/** The beginning of a key, enough to tell nodes apart. */
export function abbreviated(key: string): string {
  return `${key.slice(0, 8)}…`
}
