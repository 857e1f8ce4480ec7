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

/** What is given as the seed of an account is none. */
export class InvalidSeedError extends CliError {
  override readonly name = 'InvalidSeedError'
  readonly code = 'CLI_INVALID_SEED'
  constructor() {
    super('the seed of an account has 32 or 64 hex digits; give it with --seed-file, or with --seed')
  }
}

/** What is given as the key of payloads is none. */
export class InvalidEncryptionKeyError extends CliError {
  override readonly name = 'InvalidEncryptionKeyError'
  readonly code = 'CLI_INVALID_ENCRYPTION_KEY'
  constructor() {
    super('the key of payloads has 64 hex digits; give it with --enc-key-file, or with --enc-key')
  }
}

/** The options name no device. */
export class InvalidDeviceError extends CliError {
  override readonly name = 'InvalidDeviceError'
  readonly code = 'CLI_INVALID_DEVICE'
  constructor() {
    super('name the device with --token, or with --endpoint, --p256dh and --auth for the service webpush')
  }
}

/** The namespaces are none. */
export class InvalidNamespacesError extends CliError {
  override readonly name = 'InvalidNamespacesError'
  readonly code = 'CLI_INVALID_NAMESPACES'
  constructor() {
    super('--namespaces needs whole numbers from -32768 to 32767 with commas between, such as 0,2,3')
  }
}

/** A payload does not open, or says nothing that is understood. */
export class PayloadUnreadableError extends CliError {
  override readonly name = 'PayloadUnreadableError'
  readonly code = 'CLI_PAYLOAD_UNREADABLE'
  constructor(options?: ErrorOptions) {
    super('the payload cannot be opened: the key is not that of this device, or the payload is damaged', options)
  }
}

/** The push relay does not send to an endpoint on this machine. */
export class EndpointRefusedError extends CliError {
  override readonly name = 'EndpointRefusedError'
  readonly code = 'CLI_ENDPOINT_REFUSED'
  /** `host`: host and port that the relay has to be allowed to reach. */
  constructor(host: string, options?: ErrorOptions) {
    super(
      `the push relay refuses an endpoint on this machine; start the network with SOTTO_PUSH_ENDPOINTS=${host}`,
      options,
    )
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
