import { RuntimeError } from '../errors/runtime-error.ts'

/** The environment does not describe a service that can start. The message holds one line for each problem and no secret value. */
export class ConfigError extends RuntimeError {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG_INVALID'

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'))
  }
}
