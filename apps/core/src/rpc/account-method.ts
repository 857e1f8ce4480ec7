import type { Crypto, Ed25519Signer } from '#crypto'
import type { AccountRequest, ReplyContext, RpcReply } from '#protocol'
import type { Mailboxes } from '#stores'
import type { NewMessages } from '../events/new-messages.ts'
import type { Signatures } from '../signatures/signatures.ts'

/** What the methods work with. */
export interface MethodContext {
  readonly crypto: Crypto
  readonly mailboxes: Mailboxes
  readonly newMessages: NewMessages
  readonly signatures: Signatures
}

/** Under which circumstances a request is carried out. */
export interface AccountCall extends ReplyContext {
  /** Ed25519 key of the node that was asked, 32 bytes. */
  readonly entryNode: Uint8Array
  /** The nodes of the swarm that answer. */
  readonly signers: readonly Ed25519Signer[]
  /** Which part of the page that it asks for a `retrieve` gets, above 0 and at most 1. */
  readonly pageShare: number
}

/** Carries out a request that was found to be permitted. Throws `RpcError`; errors of the store pass through. */
export type AccountMethod<Request extends AccountRequest> = (
  context: MethodContext,
  request: Request,
  call: AccountCall,
) => Promise<RpcReply>
