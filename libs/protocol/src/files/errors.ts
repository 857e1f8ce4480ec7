/** Base of every error of the file formats; `code` is listed in docs/errors.md. */
export abstract class FileFormatError extends Error {
  abstract readonly code: string
}

/** A text is no URL of a file on a file server. The message names what is wrong, never the URL. */
export class FileUrlError extends FileFormatError {
  override readonly name = 'FileUrlError'
  readonly code = 'FILE_URL_INVALID'
}

/** A file is longer than its encryption scheme or the servers allow. */
export class AttachmentTooLargeError extends FileFormatError {
  override readonly name = 'AttachmentTooLargeError'
  readonly code = 'ATTACHMENT_TOO_LARGE'
  constructor(readonly limit: number) {
    super(`the file is larger than the ${limit.toLocaleString('en-US')} bytes that can be sent; send a smaller one`)
  }
}

/** The blinded headers of a request are refused; `status` and `text` are the answer to send as `text/plain` (files §4). */
export class BlindedAuthError extends FileFormatError {
  override readonly name = 'BlindedAuthError'
  readonly code = 'FILE_BLINDED_AUTH_REJECTED'
  readonly text: string
  constructor(
    readonly status: 400 | 401 | 425,
    reason: string,
  ) {
    const text = `Invalid authentication: ${reason}`
    super(text)
    this.text = text
  }
}
