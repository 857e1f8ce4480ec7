import { ClientError } from '../errors.ts'

/** The seed or discovery document could not be fetched or says nothing usable. */
export class DirectoryUnavailableError extends ClientError {
  override readonly name = 'DirectoryUnavailableError'
  readonly code = 'CLIENT_DIRECTORY_UNAVAILABLE'
  constructor(options?: ErrorOptions) {
    super('the network gave no usable node list; check the address of the network and that it is running', options)
  }
}

/** Fewer nodes are usable than a path needs. */
export class NotEnoughNodesError extends ClientError {
  override readonly name = 'NotEnoughNodesError'
  readonly code = 'CLIENT_NOT_ENOUGH_NODES'
  constructor() {
    super('the network has too few usable nodes for a path; try again later or use another network')
  }
}
