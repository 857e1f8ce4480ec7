/** The file with the nodes of other operators cannot be used. */
export class NodesFileError extends Error {
  override readonly name = 'NodesFileError'
  readonly code = 'GATEWAY_NODES_FILE_INVALID'
  constructor(problem: string, options?: ErrorOptions) {
    super(`The file that SOTTO_NODES_FILE names ${problem}`, options)
  }
}
