import { describe, expect, it } from '@jest/globals'
import {
  AttachmentKeyError,
  ClockOutOfSyncError,
  ContentMismatchError,
  DeadlineExceededError,
  DirectoryUnavailableError,
  FileNotFoundError,
  FileRefusedError,
  FileReplyError,
  FileServerError,
  MailboxReplyError,
  NameDisputedError,
  NameNotFoundError,
  NodeUnknownError,
  NoFileServerError,
  NotEnoughNodesError,
  NamespaceRefusedError,
  NoPushServiceError,
  PathFailedError,
  PushRefusedError,
  PushReplyError,
  PushServerError,
  ReplyUnreadableError,
  RequestAbortedError,
  RequestTooLargeError,
  ServerFaultError,
  ServerKeyMissingError,
  ServerUnreachableError,
  SwarmUnavailableError,
  SwarmUnconfirmedError,
} from '#client'
import { DecryptionError } from '#crypto'
import { AttachmentTooLargeError, FileUrlError } from '#protocol'
import {
  EndpointRefusedError,
  InvalidAccountError,
  InvalidDeviceError,
  InvalidEncryptionKeyError,
  InvalidJsonError,
  InvalidNamespacesError,
  InvalidNodeKeyError,
  InvalidSeedError,
  NodeStatusError,
  OutputExistsError,
  PayloadUnreadableError,
} from './errors.ts'
import { explainError } from './explain-error.ts'

describe('explainError', () => {
  it.each([
    [new RequestAbortedError(), 130],
    [new FileNotFoundError(), 4],
    [new ContentMismatchError(), 5],
    [new DecryptionError(), 5],
    [new AttachmentKeyError(), 2],
    [new FileUrlError('a file URL has no query'), 2],
    [new AttachmentTooLargeError(10), 2],
    [new OutputExistsError(), 2],
    [new InvalidAccountError(), 2],
    [new InvalidJsonError(), 2],
    [new InvalidNodeKeyError(), 2],
    [new InvalidSeedError(), 2],
    [new InvalidEncryptionKeyError(), 2],
    [new InvalidDeviceError(), 2],
    [new InvalidNamespacesError(), 2],
    [new EndpointRefusedError('127.0.0.1:3033'), 1],
    [new PayloadUnreadableError(), 5],
    [new PushRefusedError(4, 'as it is'), 1],
    [new PushReplyError(), 3],
    [new PushServerError(503), 3],
    [new NoPushServiceError(), 3],
    [new NamespaceRefusedError(401), 3],
    [new NodeStatusError(400), 1],
    [new NodeStatusError(401), 1],
    [new NodeStatusError(404), 4],
    [new NodeStatusError(406), 3],
    [new NodeStatusError(421), 3],
    [new NodeStatusError(429), 3],
    [new NodeStatusError(500), 3],
    [new NodeUnknownError(), 4],
    [new NameNotFoundError(), 4],
    [new NameDisputedError(), 3],
    [new MailboxReplyError(), 3],
    [new SwarmUnavailableError(), 3],
    [new SwarmUnconfirmedError(), 3],
    [new ClockOutOfSyncError(), 3],
    [new DeadlineExceededError(), 3],
    [new DirectoryUnavailableError(), 3],
    [new FileRefusedError(), 3],
    [new FileReplyError(), 3],
    [new FileServerError(500), 3],
    [new NoFileServerError(), 3],
    [new NotEnoughNodesError(), 3],
    [new PathFailedError(503), 3],
    [new ReplyUnreadableError(), 3],
    [new RequestTooLargeError(), 3],
    [new ServerFaultError(), 3],
    [new ServerKeyMissingError(), 3],
    [new ServerUnreachableError(), 3],
  ])('gives %p one sentence, its code and an exit code', (error, exitCode) => {
    const explained = explainError(error)
    expect(explained).toMatchObject({ code: error.code, exitCode })
    expect(explained.sentence).toMatch(/^[^.\n].*[^.\n]$/)
  })

  it('puts the errors of the system into words', () => {
    expect(explainError({ code: 'ENOSPC' })).toEqual({ code: 'ENOSPC', sentence: 'the disk is full', exitCode: 1 })
  })

  it('does not hide that an error is unexpected, nor show its insides', () => {
    const explained = explainError(new TypeError('x is not a function'))
    expect(explained).toEqual({
      code: 'UNEXPECTED',
      sentence: 'unexpected fault (UNEXPECTED); please report it',
      exitCode: 1,
    })
  })
})
