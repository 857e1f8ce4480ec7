const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

/** Words that come in an `FcmError` detail, with the sentence beside them. */
const FCM_ERRORS: Readonly<Record<string, string>> = {
  INVALID_ARGUMENT: 'The registration token is not a valid FCM registration token',
  SENDER_ID_MISMATCH: 'SenderId mismatch',
  UNREGISTERED: 'Requested entity was not found.',
  QUOTA_EXCEEDED: 'Quota exceeded for the target of the message.',
  UNAVAILABLE: 'The service is currently unavailable.',
  INTERNAL: 'Internal error encountered.',
}

/** The JSON that FCM sends with an error: a `google.rpc.Status` with details. */
export function errorBody(status: number, reason?: string, details: readonly object[] = []): string {
  const fcmDetail =
    reason !== undefined && reason in FCM_ERRORS
      ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: reason }]
      : []
  const message = FCM_ERRORS[reason ?? ''] ?? 'The request was refused.'
  return JSON.stringify({
    error: { code: status, message, status: STATUS_NAMES[status] ?? 'UNKNOWN', details: [...fcmDetail, ...details] },
  })
}
