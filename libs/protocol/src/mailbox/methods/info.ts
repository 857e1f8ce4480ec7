/** Asks for version and clock of the node (mailbox RPC §4.11). */
export interface InfoRequest {
  readonly method: 'info'
}

/** `info` has no parameters. */
export function parseInfo(): InfoRequest {
  return { method: 'info' }
}
