/** Why a subscription is refused; the numbers are those of mailbox RPC §8. */
export const MonitorErrorCode = { Arguments: 1, PublicKey: 2, Namespaces: 3, Time: 4, Signature: 5, Swarm: 6 } as const
export type MonitorErrorCode = (typeof MonitorErrorCode)[keyof typeof MonitorErrorCode]

/** A subscription is refused; `errcode` and `text` are the answer (mailbox RPC §8). */
export class MonitorError extends Error {
  override readonly name = 'MonitorError'
  readonly code = 'MAILBOX_SUBSCRIPTION_REFUSED'
  constructor(
    readonly errcode: MonitorErrorCode,
    readonly text: string,
    options?: ErrorOptions,
  ) {
    super(text, options)
  }
}

/** The refusal of a subscription whose members are missing or of the wrong type. */
export function invalidArguments(reason: string, options?: ErrorOptions): MonitorError {
  return new MonitorError(MonitorErrorCode.Arguments, `Invalid arguments: ${reason}`, options)
}
