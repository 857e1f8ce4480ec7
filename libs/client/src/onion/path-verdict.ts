import { fromUtf8 } from '#crypto'
import type { ClientError } from '../errors.ts'
import type { TransportReply } from '../transport/transport.ts'
import {
  ClockOutOfSyncError,
  NextNodeError,
  PathFailedError,
  ReplyUnreadableError,
  ServerFaultError,
  ServerUnreachableError,
} from './errors.ts'

/**
 * What the guard's answer in the clear means (onion requests §8.2):
 * `reply`: open it; `next-node`: the named node is at fault, gone for good or only unreachable; `path`: a failure of the whole path;
 * `busy` and `unreadable`: try again, nobody is blamed; `abort`: another try cannot help.
 */
export type PathVerdict =
  | { readonly kind: 'reply' }
  | { readonly kind: 'next-node'; readonly node: string; readonly gone: boolean; readonly error: ClientError }
  | { readonly kind: 'abort'; readonly error: ClientError }
  | { readonly kind: 'path' | 'busy' | 'unreadable'; readonly error: ClientError }

const NODE_PATTERNS: readonly { readonly pattern: RegExp; readonly gone: boolean }[] = [
  { pattern: /^Next node not found: ([0-9a-fA-F]{64})\s*$/, gone: true },
  { pattern: /^Next node is currently unreachable: ([0-9a-fA-F]{64})\s*$/, gone: false },
  { pattern: /^Snode not ready: ([0-9a-fA-F]{64})\s*$/, gone: false },
]

/** Only the beginning of a refusal is text worth reading; no real one is longer. */
const LONGEST_REFUSAL = 1_024

/**
 * Judges the answer of a guard by its status. Two rows differ from the table of §8.2. A named node is looked for before `502 Bad Gateway` is
 * taken for an unreachable server: both have that reason phrase, and the former is cured by another path. And 406, 421 and 425 in the clear
 * count against the path, since any hop could forge them (§8.3); the error still says what was claimed.
 */
export function judgePathReply(reply: TransportReply, destination: 'server' | 'node'): PathVerdict {
  if (reply.status === 200) {
    return reply.body.length > 0 ? { kind: 'reply' } : { kind: 'unreadable', error: new ReplyUnreadableError() }
  }
  const text = fromUtf8(reply.body.subarray(0, LONGEST_REFUSAL)) ?? ''
  for (const { pattern, gone } of NODE_PATTERNS) {
    const node = pattern.exec(text)?.[1]
    if (node !== undefined) return { kind: 'next-node', node: node.toLowerCase(), gone, error: new NextNodeError() }
  }
  if (reply.status === 502 && reply.statusText === 'Bad Gateway' && destination === 'server') {
    return { kind: 'abort', error: new ServerUnreachableError() }
  }
  if (reply.status === 406 || reply.status === 425) return { kind: 'path', error: new ClockOutOfSyncError() }
  const error = new PathFailedError(reply.status)
  if (text === 'Oxen Server error') return { kind: 'abort', error: new ServerFaultError() }
  if (reply.status === 503 && text.startsWith('Server busy')) return { kind: 'busy', error }
  return { kind: 'path', error }
}
