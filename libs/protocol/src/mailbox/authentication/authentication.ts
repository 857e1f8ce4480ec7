/** Who a request says it is from, and the signature that shall prove it. Nothing in it is verified (mailbox RPC §2.1, §2.2, §5). */
export interface Authentication {
  /** 64 bytes, over the method's signed text. */
  readonly signature: Uint8Array
  /** The Ed25519 key of a `05` account, 32 bytes. */
  readonly pubkeyEd25519?: Uint8Array
  readonly subaccount?: Subaccount
}

/** A token and the owner's signature over it. */
export interface Subaccount {
  /** 36 bytes; fewer when the request's text was base64 with padding, which no verification accepts. */
  readonly token: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}
