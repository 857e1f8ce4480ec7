/** Base of every error of the node list formats; `code` is listed in docs/errors.md. */
export abstract class NodeListError extends Error {
  abstract readonly code: string
}

/** Bytes are no list of 51-byte node records (mailbox RPC §4.14). */
export class ActiveNodesError extends NodeListError {
  override readonly name = 'ActiveNodesError'
  readonly code = 'NODE_RECORDS_INVALID'
}

/** The parameters of a node list request have the wrong types (onion requests §10.1). */
export class NodeListParamsError extends NodeListError {
  override readonly name = 'NodeListParamsError'
  readonly code = 'NODE_LIST_PARAMS_INVALID'
}
