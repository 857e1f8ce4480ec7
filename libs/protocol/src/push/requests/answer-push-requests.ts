import { type PushAnswer, pushErrorAnswer } from '../answers.ts'
import { PushRequestError } from '../errors.ts'
import { parsePushBody } from './parse-push-body.ts'

/**
 * Answers a whole HTTP body, in kind and in order (push §2). `answer` gets each request as a JSON value and may throw `PushRequestError`,
 * which refuses that one alone; requests overlap. Rejects with whatever else `answer` rejects with.
 */
export async function answerPushRequests(
  body: Uint8Array,
  answer: (request: unknown) => Promise<PushAnswer>,
): Promise<PushAnswer | readonly PushAnswer[]> {
  return orRefusal(async () => {
    const { isArray, requests } = parsePushBody(body)
    const answers = Promise.all(requests.map((request) => orRefusal(() => answer(request))))
    return isArray ? answers : ((await answers)[0] as PushAnswer)
  })
}

async function orRefusal<Answer>(give: () => Promise<Answer>): Promise<Answer | PushAnswer> {
  try {
    return await give()
  } catch (error) {
    if (error instanceof PushRequestError) return pushErrorAnswer(error)
    throw error
  }
}
