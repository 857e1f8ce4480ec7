import { StoreCorruptError } from '../../errors.ts'
import type { MessageTimes } from '../mailboxes.ts'

/** Times of a message from its meta, `<namespace>:<timestamp>:<expiry>:<size>:<protected>`. */
export function timesOf(meta: string): MessageTimes {
  const [, timestamp, expiry] = /^-?\d+:(-?\d+):(-?\d+):\d+:[01]$/.exec(meta) ?? []
  if (timestamp === undefined || expiry === undefined) {
    throw new StoreCorruptError('a message in Redis has a meta of another shape')
  }
  return { timestamp: Number(timestamp), expiry: Number(expiry) }
}
