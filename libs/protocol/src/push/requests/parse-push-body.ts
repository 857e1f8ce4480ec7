import { fromUtf8 } from '#crypto'
import { isJsonObject } from '../../onion/json-members.ts'
import { PushErrorCode, PushErrorText, PushRequestError } from '../errors.ts'
import { MAX_PUSH_NESTING, MAX_PUSH_REQUEST_LENGTH, MAX_PUSH_REQUESTS } from '../limits.ts'
import { nestingDepth } from './nesting-depth.ts'

/** The requests in one HTTP body. An array is answered with an array, also when it has one element (push §2). */
export interface PushBody {
  readonly isArray: boolean
  /** At least one, at most 1,000, each any JSON value. */
  readonly requests: readonly unknown[]
}

/** Reads a body: a JSON object or an array. Throws `PushRequestError` with code 1 and the texts of push §1.2 and §2. */
export function parsePushBody(bytes: Uint8Array): PushBody {
  if (bytes.length === 0) throw badInput(PushErrorText.BodyMissing)
  if (bytes.length > MAX_PUSH_REQUEST_LENGTH) throw badInput(PushErrorText.BodyTooLarge)
  if (nestingDepth(bytes) > MAX_PUSH_NESTING) throw badInput('Invalid JSON: nested too deeply')
  const value = parseJson(bytes)
  if (isJsonObject(value)) return { isArray: false, requests: [value] }
  if (!Array.isArray(value)) throw badInput(PushErrorText.NeitherObjectNorArray)
  if (value.length === 0) throw badInput(PushErrorText.EmptyList)
  if (value.length > MAX_PUSH_REQUESTS) {
    throw badInput(`Invalid request: more than ${MAX_PUSH_REQUESTS} requests in a list`)
  }
  return { isArray: true, requests: value }
}

function parseJson(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes)
  if (text === undefined) throw badInput(PushErrorText.InvalidJson)
  try {
    return JSON.parse(text)
  } catch {
    // The engine's error quotes the text, which is a user's; it is not kept as the cause.
    throw badInput(PushErrorText.InvalidJson)
  }
}

function badInput(text: string): PushRequestError {
  return new PushRequestError(PushErrorCode.BadInput, text)
}
