/** Asks for the node list in binary form (mailbox RPC §4.14). */
export interface ActiveNodesBinRequest {
  readonly method: 'active_nodes_bin'
}

/** `active_nodes_bin` has no parameters. */
export function parseActiveNodesBinRequest(): ActiveNodesBinRequest {
  return { method: 'active_nodes_bin' }
}
