import { EndpointError } from '#endpoints'

/** An upload is empty or longer than the server takes. */
export class FileSizeError extends EndpointError {
  override readonly name = 'FileSizeError'
  readonly code = 'FILE_SIZE_REFUSED'
  readonly status = 413
  constructor() {
    super('the file is empty or too large')
  }
}

/** `X-FS-TTL` is no whole number of seconds between 0 and the server's maximum. */
export class FileTtlError extends EndpointError {
  override readonly name = 'FileTtlError'
  readonly code = 'FILE_TTL_REFUSED'
  readonly status = 400
  constructor() {
    super('the time to live is no whole number within the limits of this server')
  }
}

/** No free numeric id was found. */
export class FileIdsExhaustedError extends EndpointError {
  override readonly name = 'FileIdsExhaustedError'
  readonly code = 'FILE_IDS_EXHAUSTED'
  readonly status = 507
  constructor() {
    super('no free numeric file id was found')
  }
}

/** No live file has this id, or the text is no id. */
export class FileNotFoundError extends EndpointError {
  override readonly name = 'FileNotFoundError'
  readonly code = 'FILE_NOT_FOUND'
  readonly status = 404
  constructor(options?: ErrorOptions) {
    super('there is no such file', options)
  }
}

/** A legacy upload is no JSON object with a base64 member `file`. */
export class LegacyUploadError extends EndpointError {
  override readonly name = 'LegacyUploadError'
  readonly code = 'FILE_LEGACY_UPLOAD_INVALID'
  readonly status = 400
  constructor() {
    super('the legacy upload has no usable base64 member "file"')
  }
}
