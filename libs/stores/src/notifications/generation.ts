/** Bytes of a duplicate key that the filter keeps; it is a digest, so that they name it as well as all of it. */
export const FILTER_KEY_LENGTH = 16

/**
 * The time of the filter in steps as long as its window. A key is put into the generation of its acceptance and looked for in that and its
 * two neighbours: so it is remembered for one to two windows, also for a clock that is a little behind.
 */
export function generationOf(now: number, windowMs: number): number {
  return Math.floor(now / windowMs)
}
