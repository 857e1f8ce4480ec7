import { MAX_RETRIEVE_SIZE } from './limits.ts'

/** How much a `retrieve` may return. */
export interface PageLimits {
  /** Number of messages; infinite when there is no limit. */
  readonly count: number
  /** Sum of `messageCost`. */
  readonly size: number
}

/** The limits that a request asks for, 0 and undefined meaning none (mailbox RPC §4.2). */
export function pageLimits(maxCount = 0, maxSize = 0): PageLimits {
  const isUnlimited = maxCount === 0 && maxSize === 0
  return { count: maxCount > 0 ? maxCount : Infinity, size: sizeLimit(isUnlimited ? -5 : maxSize) }
}

function sizeLimit(maxSize: number): number {
  if (maxSize < 0) return Math.floor(MAX_RETRIEVE_SIZE / -maxSize)
  return maxSize === 0 ? MAX_RETRIEVE_SIZE : Math.min(maxSize, MAX_RETRIEVE_SIZE)
}

/** What a message with this many bytes of data takes of a page: its base64, its hash and 100 for the rest (mailbox RPC §4.2). */
export function messageCost(length: number): number {
  return 100 + 43 + Math.floor((4 * length) / 3)
}

/** A page being filled. */
export class MessagePage {
  #count = 0
  #size = 0

  constructor(private readonly limits: PageLimits) {}

  /**
   * Takes the next message, given by the length of its data, or refuses it: then the page is complete, and smaller messages behind
   * must not be tried. The first is always taken.
   */
  take(length: number): boolean {
    const size = this.#size + messageCost(length)
    if (this.#count > 0 && (size > this.limits.size || this.#count + 1 > this.limits.count)) return false
    this.#count++
    this.#size = size
    return true
  }
}

/** How many of the messages, given by the lengths of their data, make up a page, and whether some are left (mailbox RPC §4.2). */
export function fillPage(lengths: Iterable<number>, limits: PageLimits): { count: number; more: boolean } {
  const page = new MessagePage(limits)
  let count = 0
  for (const length of lengths) {
    if (!page.take(length)) return { count, more: true }
    count++
  }
  return { count, more: false }
}
