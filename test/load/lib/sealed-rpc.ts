import { nativeCrypto } from '#crypto/native/index'
import {
  buildOnionRequest,
  decodeNodeReply,
  encodeMailboxRequest,
  type LayerKey,
  type MailboxRequest,
  type PathNode,
} from '#protocol'
import { type DiscoveredNode } from './processes.ts'
import { httpRequest } from './run-load.ts'
import { x25519Of } from './swarm-users.ts'

/** A request in its onion, and what opens the reply. */
export interface SealedRpc {
  readonly bytes: Buffer
  readonly replyKey: LayerKey
}

/** Seals a request to `destination` behind the nodes of `path`, guard first; without a path the destination is its own guard. */
export function sealRpc(
  request: MailboxRequest,
  destination: DiscoveredNode,
  path: readonly DiscoveredNode[],
  headers = '',
): SealedRpc {
  const { body, replyKey } = buildOnionRequest(nativeCrypto, {
    path: path.map(pathNode),
    destination: { kind: 'node', ...pathNode(destination) },
    payload: encodeMailboxRequest(request),
    encryptionType: 'aes-gcm',
    style: 'desktop',
  })
  return { bytes: httpRequest('POST', '/onion_req/v2', body, headers), replyKey }
}

/** What the destination has answered. Throws unless that is a success. */
export function openReply({ replyKey }: SealedRpc, wire: Uint8Array): unknown {
  const { status, body } = decodeNodeReply(nativeCrypto, replyKey, wire)
  if (status !== 200) throw new Error(`the destination has answered ${status}`)
  return body
}

function pathNode(node: DiscoveredNode): PathNode {
  return { ed25519: node.pubkey_ed25519, x25519: x25519Of(node) }
}
