/** The least time between two lines about the same, in milliseconds. */
const LINE_INTERVAL_MS = 1_000

/**
 * Lets at most one line a second through for each kind of trouble: a store that is away fails every request, of which a metric counts all and one line says
 * why.
 *
 * @param monotonic milliseconds on a clock that never goes back
 * @returns whether a line about this kind may be written now; kinds are few and known
 */
export function sparseLines(monotonic: { now(): number }): (kind: string) => boolean {
  const nextLine = new Map<string, number>()
  return (kind) => {
    const now = monotonic.now()
    if (now < (nextLine.get(kind) ?? 0)) return false
    nextLine.set(kind, now + LINE_INTERVAL_MS)
    return true
  }
}
