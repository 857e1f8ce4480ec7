/** Base of every error of the sealed request formats; `code` is listed in docs/errors.md. */
export abstract class SealedRequestError extends Error {
  abstract readonly code: string
}

/**
 * A decrypted v4 request is no valid list or its metadata is wrong. Answered, sealed, with code 400, `text/plain; charset=utf-8`
 * and `INVALID_V4_REQUEST_TEXT` as body (onion requests §5.3).
 */
export class InvalidV4RequestError extends SealedRequestError {
  override readonly name = 'InvalidV4RequestError'
  readonly code = 'V4_REQUEST_INVALID'
}

/** A decrypted v4 reply is no valid list or its metadata is wrong. */
export class InvalidV4ReplyError extends SealedRequestError {
  override readonly name = 'InvalidV4ReplyError'
  readonly code = 'V4_REPLY_INVALID'
}

/** A decrypted v3 request is malformed. Answered, sealed, with `{"status_code":400}` (files §1.1). */
export class InvalidV3RequestError extends SealedRequestError {
  override readonly name = 'InvalidV3RequestError'
  readonly code = 'V3_REQUEST_INVALID'
}

/** Body of the sealed answer to an invalid v4 request. */
export const INVALID_V4_REQUEST_TEXT = 'Invalid v4 onion request'
