/** A notification as a provider gets it. */
export interface OutgoingNotification {
  /** Device token as the subscription gave it; for Web Push the endpoint's URL. */
  readonly token: string
  /** What the subscription gave beside the token (for Web Push the keys); empty for most. */
  readonly serviceData: Uint8Array
  /** `enc_payload`: standard base64 with padding, at most 3,808 characters (push §6). */
  readonly payload: string
  /** Whether the user is to be woken at once. */
  readonly isUrgent: boolean
  /** Milliseconds since the Unix epoch; nobody wants it from then on. */
  readonly expiresAt: number
}

/** What a provider said to one notification. */
export type SendOutcome =
  | { readonly kind: 'handed-over' }
  /** The token is dead: since when (milliseconds) if the provider says so, else since before the request. */
  | { readonly kind: 'token-dead'; readonly since?: number }
  /**
   * To be tried again. `blame` says whose trouble it is: one of the `provider` (unreachable, overloaded, refuses our credentials) counts for the circuit
   * breaker, one of the `notification` (only this token or this endpoint's host) does not. `afterMs` is the least delay: the provider's `Retry-After` or
   * 60 s for a 429 (push §7.4).
   */
  | {
      readonly kind: 'retry'
      readonly blame: 'provider' | 'notification'
      readonly afterMs?: number
      readonly error: Error
    }
  /** Not even tried, because too much is under way; that counts for nothing. To be tried again after about `afterMs`. */
  | { readonly kind: 'busy'; readonly afterMs: number }
  /** It will never be taken (for example too large): given up without another attempt. */
  | { readonly kind: 'refused'; readonly error: Error }

/** One way to a device: FCM, APNs, Web Push or the log. */
export interface Provider {
  /**
   * Whether the provider keeps only the last of several notifications for a device that is away, so that several within a short time may become one
   * wake-up.
   */
  readonly keepsOnlyLast: boolean
  /** Hands one notification over and says what came of it. Never rejects; ends by its own deadline. */
  send(notification: OutgoingNotification): Promise<SendOutcome>
  /** Ends what is under way and closes connections. */
  close(): Promise<void>
}
