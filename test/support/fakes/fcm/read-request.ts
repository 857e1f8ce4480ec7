/** A message as FCM got it. */
export interface ReceivedMessage {
  readonly token: string
  readonly data: Readonly<Record<string, string>>
  readonly priority: string
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** The whole body, for comparison with the specification. */
  readonly json: unknown
}

/** Reads the body of a request, or says which field FCM would call invalid. */
export function readRequest(body: string, at: number): ReceivedMessage | { readonly invalidField: string } {
  const json = parseJson(body)
  const message = member(json, 'message')
  const token = member(message, 'token')
  if (typeof token !== 'string' || token === '') return { invalidField: 'message' }
  const data = member(message, 'data')
  if (typeof data !== 'object' || data === null) return { invalidField: 'message.data' }
  const entries = Object.entries(data)
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return { invalidField: 'message.data' }
  }
  const length = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  if (length > 4_096) return { invalidField: 'message.data' }
  const priority = member(member(message, 'android'), 'priority')
  if (priority !== 'high' && priority !== 'normal') return { invalidField: 'message.android.priority' }
  return { token, data: Object.fromEntries(entries), priority, at, json }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
