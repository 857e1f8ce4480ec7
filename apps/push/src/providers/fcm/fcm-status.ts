import { jsonMembers, membersOf } from '../json-members.ts'

/** What FCM says in the body of an error: a `google.rpc.Status` as JSON, with details. */
export interface FcmStatus {
  /** `errorCode` of the `FcmError` detail (`UNREGISTERED`, `INVALID_ARGUMENT`, …). */
  readonly errorCode: string | undefined
  /** Name of the status (`NOT_FOUND`, `PERMISSION_DENIED`, …). */
  readonly status: string | undefined
  /** `reason` of an `ErrorInfo` detail: Google's word for trouble with the project, the account or the API. */
  readonly projectTrouble: string | undefined
  /** Fields that a `BadRequest` detail calls invalid, such as `message.token`. */
  readonly invalidFields: readonly string[]
}

/** Reads the body, or answers undefined when it is no `google.rpc.Status`: then the reply is not FCM's own. */
export function parseFcmStatus(body: string): FcmStatus | undefined {
  const error = jsonMembers(body)?.['error']
  if (typeof error !== 'object' || error === null) return undefined
  const details = listOf(member(error, 'details'))
  return {
    status: textOf(member(error, 'status')),
    errorCode: textOf(member(ofType(details, 'google.firebase.fcm.v1.FcmError'), 'errorCode')),
    projectTrouble: textOf(member(ofType(details, 'google.rpc.ErrorInfo'), 'reason')),
    invalidFields: listOf(member(ofType(details, 'google.rpc.BadRequest'), 'fieldViolations'))
      .map((violation) => textOf(member(violation, 'field')))
      .filter((field) => field !== undefined),
  }
}

function ofType(details: readonly unknown[], type: string): unknown {
  return details.find((detail) => member(detail, '@type') === `type.googleapis.com/${type}`)
}

function member(value: unknown, key: string): unknown {
  return membersOf(value)?.[key]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
