import { type Ed25519Signer } from '#crypto'
import { clampExpiry, type ExpireOutcome } from '../expiry.ts'
import { type ExpireRequest } from '../methods/expire.ts'
import { expireNodeBytes, sortHashes } from '../nodes/node-signed-bytes.ts'
import { signSwarmEntries, type SwarmEntry } from '../nodes/swarm-entry.ts'

/**
 * What each of the signing nodes says of an `expire` at server time `now` (mailbox RPC §4.7): several expiries give a list parallel
 * to `updated`, and messages left as they were are told only to those who gave a flag.
 */
export function expireEntries(
  signers: Iterable<Ed25519Signer>,
  request: ExpireRequest,
  outcome: ExpireOutcome,
  now: number,
): SwarmEntry[] {
  const updated = sortHashes([...outcome.updated.keys()])
  const [first = 0] = request.expiries
  const expiry =
    request.expiries.length > 1 ? updated.map((hash) => outcome.updated.get(hash) ?? 0) : clampExpiry(first, now)
  const unchanged = request.mode === undefined ? undefined : outcome.unchanged
  const message = expireNodeBytes(request.account, {
    requested: request.hashes,
    expiry,
    updated,
    ...(unchanged && { unchanged }),
  })
  return signSwarmEntries(signers, message, {
    expiry,
    updated,
    ...(unchanged && { unchanged: Object.fromEntries(unchanged) }),
  })
}
