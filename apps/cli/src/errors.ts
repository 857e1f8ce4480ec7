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
