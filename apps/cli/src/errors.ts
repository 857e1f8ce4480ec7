/** Base of the errors of the command line itself; `code` is listed in docs/errors.md. */
export abstract class CliError extends Error {
  abstract readonly code: string
}

/** The output file exists and `--force` was not given. */
export class OutputExistsError extends CliError {
  override readonly name = 'OutputExistsError'
  readonly code = 'CLI_OUTPUT_EXISTS'
  constructor() {
    super('the output file exists already; choose another name, or overwrite it with --force')
  }
}

/** What came back is not what was sent. */
export class RoundTripError extends CliError {
  override readonly name = 'RoundTripError'
  readonly code = 'CLI_ROUND_TRIP'
  constructor() {
    super('the file that came back differs from the one that was sent; please report this')
  }
}

/** The parameters are no JSON object. */
export class InvalidJsonError extends CliError {
  override readonly name = 'InvalidJsonError'
  readonly code = 'CLI_INVALID_JSON'
  constructor(options?: ErrorOptions) {
    super('the parameters are not a JSON object; write for example \'{"pubkey":"05…"}\', in quotes', options)
  }
}

/** `--node` is no key. */
export class InvalidNodeKeyError extends CliError {
  override readonly name = 'InvalidNodeKeyError'
  readonly code = 'CLI_INVALID_NODE_KEY'
  constructor() {
    super('--node needs the Ed25519 key of a node, 64 hex digits, as sotto nodes --json lists them')
  }
}

/** The account id is none. */
export class InvalidAccountError extends CliError {
  override readonly name = 'InvalidAccountError'
  readonly code = 'CLI_INVALID_ACCOUNT'
  constructor() {
    super('an account id has 66 hex digits, such as 05 and 64 more')
  }
}

/** The node answered with another status than 200; its body is printed. */
export class NodeStatusError extends CliError {
  override readonly name = 'NodeStatusError'
  readonly code = 'CLI_NODE_STATUS'
  constructor(readonly status: number) {
    super(`the node answered with status ${status}`)
  }
}
