/**
 * Base of every error about a push provider; `code` is listed in docs/errors.md. No message names a token, a key or anything a provider may have
 * quoted from the request: only words that `reasonWord` lets through.
 */
export abstract class ProviderError extends Error {
  abstract readonly code: string
}

/** No connection to the provider could be made, or the one in use broke before an answer was complete. */
export class ProviderUnreachableError extends ProviderError {
  override readonly name = 'ProviderUnreachableError'
  readonly code = 'PUSH_PROVIDER_UNREACHABLE'
  constructor(options?: ErrorOptions) {
    super('the push provider cannot be reached, or the connection to it broke', options)
  }
}

/** The provider did not answer within the deadline; whether it took the notification is not known. */
export class ProviderTimeoutError extends ProviderError {
  override readonly name = 'ProviderTimeoutError'
  readonly code = 'PUSH_PROVIDER_TIMEOUT'
  constructor(options?: ErrorOptions) {
    super('the push provider did not answer in time', options)
  }
}

/** The provider answered with an error that may pass: overloaded, out of order, or not understood by us. */
export class ProviderFailedError extends ProviderError {
  override readonly name = 'ProviderFailedError'
  readonly code = 'PUSH_PROVIDER_FAILED'
  constructor(
    /** HTTP status of the answer. */
    readonly status: number,
    reason?: string,
    options?: ErrorOptions,
  ) {
    super(`the push provider answered with status ${status}${inBrackets(reason)}`, options)
  }
}

/** The provider will never take this notification, for example because it is too large. */
export class ProviderRefusedError extends ProviderError {
  override readonly name = 'ProviderRefusedError'
  readonly code = 'PUSH_PROVIDER_REFUSED'
  constructor(
    /** HTTP status of the answer. */
    readonly status: number,
    reason?: string,
    options?: ErrorOptions,
  ) {
    super(`the push provider refuses the notification with status ${status}${inBrackets(reason)}`, options)
  }
}

/** The provider does not accept the operator's credentials, or no access token could be had for them. */
export class ProviderLoginError extends ProviderError {
  override readonly name = 'ProviderLoginError'
  readonly code = 'PUSH_PROVIDER_LOGIN_FAILED'
  constructor(reason?: string, options?: ErrorOptions) {
    super(`the push provider does not let us in${inBrackets(reason)}`, options)
  }
}

/** A credentials file cannot be read or is none; the service does not start. `message` is one sentence that names the setting or the file. */
export class ProviderCredentialsError extends ProviderError {
  override readonly name = 'ProviderCredentialsError'
  readonly code = 'PUSH_PROVIDER_CREDENTIALS_UNUSABLE'
}

/**
 * A provider's word for what is wrong (`UNREGISTERED`, `BadDeviceToken`), or undefined when the text is no such word: free text may quote the
 * request, and with it the token.
 */
export function reasonWord(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z_]{1,40}$/.test(value) ? value : undefined
}

function inBrackets(reason: string | undefined): string {
  const word = reasonWord(reason)
  return word === undefined ? '' : ` (${word})`
}
