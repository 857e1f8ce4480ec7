/** Base of every error of the onion formats; `code` is listed in docs/errors.md. */
export abstract class OnionError extends Error {
  abstract readonly code: string
}

/** An `enc_type` is none of the known names (onion requests §3). The message is the text the specification gives. */
export class UnknownEncryptionTypeError extends OnionError {
  override readonly name = 'UnknownEncryptionTypeError'
  readonly code = 'ONION_ENCRYPTION_TYPE_UNKNOWN'
  constructor(type: string) {
    super(`Invalid encryption type ${type}`)
  }
}

/** Bytes are no frame (onion requests §2). The message is the text the specification gives. */
export class FrameError extends OnionError {
  override readonly name = 'FrameError'
  readonly code = 'ONION_FRAME_INVALID'
}

/** The control of a guard's frame is unusable; the message is the reason in `Error parsing onion request: <reason>` (§6.1). */
export class ControlError extends OnionError {
  override readonly name = 'ControlError'
  readonly code = 'ONION_CONTROL_INVALID'
}

/** A decrypted layer cannot be dispatched; answered, encrypted, with status 400 and the message as body (§6.2). */
export class InvalidJsonError extends OnionError {
  override readonly name = 'InvalidJsonError'
  readonly code = 'ONION_LAYER_INVALID_JSON'
  constructor(options?: ErrorOptions) {
    super('Invalid json', options)
  }
}

/** The exit refuses where a layer wants to go; answered, encrypted, with status 400 and the message as body (§5.2, §6.2). */
export class InvalidUrlError extends OnionError {
  override readonly name = 'InvalidUrlError'
  readonly code = 'ONION_LAYER_INVALID_URL'
  constructor() {
    super('Invalid url')
  }
}

/** A message between nodes is not the bencoded dict of onion requests §6.3. */
export class RelayMessageError extends OnionError {
  override readonly name = 'RelayMessageError'
  readonly code = 'ONION_RELAY_MESSAGE_INVALID'
}

/** A message of a request stream is none of onion requests §9, or is longer than it may be. */
export class RequestStreamError extends OnionError {
  override readonly name = 'RequestStreamError'
  readonly code = 'ONION_REQUEST_STREAM_INVALID'
}

/** A reply was decrypted but does not say what a reply says (onion requests §7.3). */
export class NodeReplyError extends OnionError {
  override readonly name = 'NodeReplyError'
  readonly code = 'ONION_REPLY_INVALID'
}
