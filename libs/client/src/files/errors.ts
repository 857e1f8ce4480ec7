import { ClientError } from '../errors.ts'

/** The server has no such file, or has it no more. */
export class FileNotFoundError extends ClientError {
  override readonly name = 'FileNotFoundError'
  readonly code = 'CLIENT_FILE_NOT_FOUND'
  constructor() {
    super('the file does not exist or has expired; ask the sender to send it again')
  }
}

/** The server refuses the file because of its size. */
export class FileRefusedError extends ClientError {
  override readonly name = 'FileRefusedError'
  readonly code = 'CLIENT_FILE_REFUSED'
  constructor() {
    super('the server refuses a file of this size; send a smaller one')
  }
}

/** The file server answered with an error, several times. */
export class FileServerError extends ClientError {
  override readonly name = 'FileServerError'
  readonly code = 'CLIENT_FILE_SERVER'
  constructor(readonly status: number) {
    super(`the file server could not serve the request (status ${status}); try again later`)
  }
}

/** The file server's answer lacks what it must say. */
export class FileReplyError extends ClientError {
  override readonly name = 'FileReplyError'
  readonly code = 'CLIENT_FILE_REPLY'
  constructor() {
    super('the file server gave an answer that is not understood; check that the URL leads to a file server')
  }
}

/** The bytes do not belong to the id. */
export class ContentMismatchError extends ClientError {
  override readonly name = 'ContentMismatchError'
  readonly code = 'CLIENT_CONTENT_MISMATCH'
  constructor() {
    super('the server holds other bytes than the file id promises; do not use them, and ask the sender to send again')
  }
}

/** A URL names no server key, and it is not the server of this network. */
export class ServerKeyMissingError extends ClientError {
  override readonly name = 'ServerKeyMissingError'
  readonly code = 'CLIENT_SERVER_KEY_MISSING'
  constructor() {
    super('the URL names no usable server key (#p=…) and is not of this network; ask the sender for the whole URL')
  }
}

/** The network offers no file server. */
export class NoFileServerError extends ClientError {
  override readonly name = 'NoFileServerError'
  readonly code = 'CLIENT_NO_FILE_SERVER'
  constructor() {
    super('this network offers no place for files; use another network')
  }
}

/** A text is no key of an attachment. */
export class AttachmentKeyError extends ClientError {
  override readonly name = 'AttachmentKeyError'
  readonly code = 'CLIENT_ATTACHMENT_KEY'
  constructor() {
    super('the key is not complete; copy it again, from its first character to its last')
  }
}
