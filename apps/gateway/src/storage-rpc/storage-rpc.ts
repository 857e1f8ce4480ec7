/** What the storage RPC answers: JSON for most successes, a text for most errors (mailbox RPC §1.1). */
export interface StorageRpcReply {
  readonly status: number
  readonly body: unknown
}

/** Runs storage requests as one of the own nodes. */
export interface StorageRpc {
  /** `text` is the request as UTF-8 JSON, `{"method":…,"params":{…}}`. What a client may do wrong is an answer, no rejection. */
  handle(nodeIndex: number, text: Uint8Array): Promise<StorageRpcReply>
}

/** The answer when the service behind the RPC has failed (mailbox RPC §1.1). */
export const REQUEST_FAILED: StorageRpcReply = { status: 500, body: 'request failed' }
