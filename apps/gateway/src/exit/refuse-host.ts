import type { Crypto } from '#crypto'
import { type OnionReply, plainReply } from '../onion/onion-reply.ts'

/** Hosts that are built into clients, which count any status but 200 from them against the path (real clients §3.6). */
const BUILT_IN_HOSTS: ReadonlySet<string> = new Set([
  'filev2.getsession.org',
  'networkv1.getsession.org',
  'not_set_yet',
])
/** Lengths, in bytes, that sealed answers without a body of their own have: 128 and up to 255 more. */
const MIN_LENGTH = 128

/**
 * The answer for a server that is not served, in the way that costs a client no path: bytes that cannot be decrypted for a host
 * that is built in, 502 for any other.
 */
export function refuseHost(crypto: Crypto, host: string): OnionReply {
  if (!BUILT_IN_HOSTS.has(host.toLowerCase())) return plainReply(502, 'Bad Gateway')
  const [variation = 0] = crypto.randomBytes(1)
  return { status: 200, body: crypto.randomBytes(MIN_LENGTH + variation) }
}
