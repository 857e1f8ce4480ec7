import { utf8 } from '#crypto'
import {
  buildDelete,
  buildDeleteAll,
  buildDeleteBefore,
  buildExpire,
  buildExpireAll,
  buildGetExpiries,
  buildRetrieve,
  buildRevokedSubaccounts,
  buildRevokeSubaccount,
  buildStore,
  buildUnrevokeSubaccount,
  buildUnsignedRetrieve,
  buildUnsignedStore,
  encodeRequest,
  type MailboxRequest,
  messageHash,
  type RequestSigner,
  type RpcCall,
  type SimpleRequest,
} from '#protocol'
import { nativeCrypto } from '#crypto/native/index'
import { NOW } from '../../../apps/gateway/src/testing.suite.ts'
import {
  mute,
  reader,
  stranger,
  strangerGroup,
  strangerMember,
  unusedToken,
  victim,
  victimGroup,
} from './people.suite.ts'

const DAY_MS = 86_400_000
/** Nothing that must not show lies here, so that its owners can be heard asking about it. */
export const EMPTY_NAMESPACE = 1

const message = (
  text: string,
  namespace: number,
): { namespace: number; timestamp: number; ttl: number; data: Uint8Array } => {
  return { namespace, timestamp: NOW, ttl: DAY_MS, data: utf8(text) }
}

const hashOf = ({ account }: RequestSigner, namespace: number, text: string): string => {
  return messageHash(nativeCrypto, account, namespace, utf8(text))
}

/** Everything the owner of a mailbox may ask, about one namespace and one message. */
function ownRequests(owner: RequestSigner, namespace: number, text: string): readonly SimpleRequest[] {
  const hashes = [hashOf(owner, namespace, text)]
  return [
    buildStore(owner, message(text, namespace)),
    buildStore(owner, { ...message(text, namespace), signatureTimestamp: NOW + 1_000 }),
    buildRetrieve(owner, { namespace, maxCount: 5 }, NOW),
    buildRetrieve(owner, { namespace, maxSize: -5, lastHash: hashOf(owner, namespace, 'another') }, NOW),
    buildGetExpiries(owner, hashes, NOW),
    buildExpire(owner, hashes, [NOW + 2 * DAY_MS]),
    buildExpire(owner, [...hashes, hashOf(owner, namespace, 'another')], [NOW + DAY_MS, NOW + 2 * DAY_MS]),
    buildExpire(owner, hashes, [NOW + 3 * DAY_MS], 'extend'),
    buildExpire(owner, hashes, [NOW + DAY_MS], 'shorten'),
    buildExpireAll(owner, namespace, NOW + DAY_MS),
    buildDelete(owner, hashes),
    buildDeleteBefore(owner, namespace, NOW),
    buildDeleteAll(owner, namespace, NOW),
  ]
}

function requests(): readonly MailboxRequest[] {
  const own = ownRequests(stranger, 0, 'of a stranger')
  const ofGroup = ownRequests(strangerGroup, 11, 'of a group of strangers')
  const swarm = { method: 'get_swarm', account: stranger.account } as const
  const nodes = { method: 'oxend_request', endpoint: 'get_service_nodes', params: {} } as const
  const name = {
    method: 'oxend_request',
    endpoint: 'ons_resolve',
    params: { type: 0, name_hash: Buffer.alloc(32, 1).toString('base64') },
  } as const
  return [
    ...own,
    ...ofGroup,
    buildStore(strangerMember, message('of a member', 12)),
    buildRetrieve(strangerMember, { namespace: 11, maxCount: 5 }, NOW),
    buildDeleteAll(stranger, 'all', NOW),
    buildExpireAll(strangerGroup, 'all', NOW + DAY_MS),
    buildRevokeSubaccount(strangerGroup, [unusedToken], NOW),
    buildUnrevokeSubaccount(strangerGroup, [unusedToken], NOW),
    buildRevokedSubaccounts(strangerGroup, NOW),
    buildRetrieve(reader, { namespace: 0, wait: 1 }, NOW),
    { method: 'info' },
    { method: 'active_nodes_bin' },
    swarm,
    nodes,
    name,
    { method: 'batch', requests: [swarm, ...own.slice(0, 6)] },
    { method: 'sequence', requests: [...ofGroup.slice(0, 4), { method: 'info' }] },
    {
      method: 'ifelse',
      conditions: { hardForkAtLeast: [19, 0], heightBefore: 1_000_000_000 },
      then: swarm,
      else: nodes,
    },
    // Towards the victims: what anybody may do, and what they themselves ask where nothing lies.
    buildUnsignedStore(victim.account, message('to a victim', 0)),
    buildUnsignedRetrieve(victimGroup.account, { namespace: -10 }),
    buildUnsignedRetrieve(victimGroup.account, { namespace: -1 }),
    ...ownRequests(victim, EMPTY_NAMESPACE, 'of a victim'),
    ...ownRequests(victimGroup, EMPTY_NAMESPACE, 'of a group of victims'),
    buildRevokedSubaccounts(victimGroup, NOW),
  ]
}

/** A request of every method in every form, each valid, in one order. */
export const VALID_REQUESTS: readonly RpcCall[] = requests().map(encodeRequest)

/** Well-formed requests that are refused, since who signs them may not do that: a member without the permission, and somebody else. */
export const REFUSED_REQUESTS: readonly RpcCall[] = [
  buildRetrieve(mute, { namespace: 11 }, NOW),
  buildGetExpiries(mute, [hashOf(victimGroup, 11, 'unknown')], NOW),
  buildDeleteAll(mute, 'all', NOW),
  buildExpireAll(mute, 11, NOW + DAY_MS),
  ...ownRequests(stranger, 0, 'of a stranger').map((request) => ({ ...request, account: victim.account })),
  ...ownRequests(strangerGroup, 11, 'of a group').map((request) => ({ ...request, account: victimGroup.account })),
]
  .map((request) => encodeRequest(request as MailboxRequest))
  // Anybody may store into the public inbox, whoever signs.
  .filter(({ method }) => method !== 'store')
