import { nativeCrypto } from '#crypto/native/index'
import {
  buildRetrieve,
  buildUnsignedStore,
  encodeMailboxRequest,
  type MailboxRequest,
  type RequestSigner,
  type RetrieveOptions,
  verifySwarmReply,
} from '#protocol'
import { httpRequest } from './run-load.ts'

/** Bytes of a message. */
export const MESSAGE = 1_000
export const RPC_PATH = '/storage_rpc/v1'

const DAY_MS = 86_400_000
const NODES_OF_SWARM = 3

/** The standalone without what would slow a single client down on purpose. */
export const MAILBOX_ENV = { SOTTO_RPC_RATE: '0', SOTTO_MAILBOX_MESSAGES: '10000000', SOTTO_MAILBOX_BYTES: '16gib' }

/** Stamps a plain `store` within the base64 of its data, so that every message is a new one. */
export const STORE_STAMP = { stampFromEnd: 64, stampAsText: true } as const

/** A message of `length` random bytes for namespace 0, as anybody may store it. */
export function storeOf(user: RequestSigner, length = MESSAGE): MailboxRequest {
  const data = nativeCrypto.randomBytes(length)
  return buildUnsignedStore(user.account, { namespace: 0, timestamp: Date.now(), ttl: DAY_MS, data })
}

/** A `retrieve` from namespace 0, signed for the next 60 seconds. */
export function retrieveOf(user: RequestSigner, options: Omit<RetrieveOptions, 'namespace'> = {}): MailboxRequest {
  return buildRetrieve(user, { namespace: 0, ...options }, Date.now())
}

/** The request as a post to a node, without an onion around it. */
export function plainRpc(request: MailboxRequest): Buffer {
  return httpRequest('POST', RPC_PATH, encodeMailboxRequest(request))
}

/** The cheapest request: a node says what time it is. */
export function infoRpc(): Buffer {
  return plainRpc({ method: 'info' })
}

/** Throws unless the answer to a `store` has the valid signature of every node of the swarm. */
export function checkStored(request: MailboxRequest, body: unknown): void {
  if (request.method !== 'store') throw new TypeError('the request is no store')
  const confirmed = verifySwarmReply(nativeCrypto, request, body).filter(({ verdict }) => verdict === 'confirmed')
  if (confirmed.length !== NODES_OF_SWARM) throw new Error(`${confirmed.length} nodes have signed what was stored`)
}

/** Throws unless the answer to a `retrieve` has this many messages of the usual length. */
export function checkRetrieved(body: unknown, count: number): void {
  const { messages } = body as { readonly messages?: readonly { readonly data: string }[] }
  const whole = messages?.filter(({ data }) => Buffer.from(data, 'base64').length === MESSAGE) ?? []
  if (whole.length !== count) throw new Error(`a retrieve gave ${whole.length} messages instead of ${count}`)
}
