import { fromUtf8 } from '#crypto'
import { isJsonObject, type JsonMembers } from '../../onion/json-members.ts'
import { PushAnswerError } from '../errors.ts'

/** What became of one request. */
export type PushResult =
  | { readonly kind: 'added' | 'updated' | 'removed' | 'not-subscribed' }
  /** Refused: `errorCode` is one of `PushErrorCode` unless the server has more, `message` is the server's own. */
  | { readonly kind: 'refused'; readonly errorCode: number; readonly message: string }

/**
 * Reads the body of an answer: one result for an object, as many as there were requests for an array; an array may also be answered with one
 * refusal of it all. The HTTP status says nothing (push §1.2). Throws `PushAnswerError`.
 */
export function parsePushAnswer(body: Uint8Array): PushResult | readonly PushResult[] {
  const answer = parseJson(body)
  return Array.isArray(answer) ? answer.map(readResult) : readResult(answer)
}

function parseJson(body: Uint8Array): unknown {
  const text = fromUtf8(body)
  if (text === undefined) throw new PushAnswerError('the answer is not text')
  try {
    return JSON.parse(text)
  } catch {
    // The engine's error quotes the text.
    throw new PushAnswerError('the answer is not JSON')
  }
}

function readResult(answer: unknown): PushResult {
  if (!isJsonObject(answer)) throw new PushAnswerError('the answer is no object')
  if ('error' in answer) return readRefusal(answer)
  if (answer['success'] !== true) throw new PushAnswerError('the answer tells neither success nor error')
  if (answer['added'] === true) return { kind: 'added' }
  if (answer['updated'] === true) return { kind: 'updated' }
  if (typeof answer['removed'] === 'boolean') return { kind: answer['removed'] ? 'removed' : 'not-subscribed' }
  throw new PushAnswerError('the answer does not tell what was done')
}

function readRefusal({ error, message }: JsonMembers): PushResult {
  if (typeof error !== 'number' || !Number.isSafeInteger(error)) throw new PushAnswerError('the error is no number')
  return { kind: 'refused', errorCode: error, message: typeof message === 'string' ? message : '' }
}
