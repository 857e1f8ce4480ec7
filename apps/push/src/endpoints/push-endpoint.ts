import { collectBody, type Endpoint, type EndpointReply, jsonReply, RequestTooLargeError } from '#endpoints'
import {
  answerPushRequests,
  MAX_PUSH_REQUEST_LENGTH,
  type PushAnswer,
  pushErrorAnswer,
  PushErrorCode,
  PushErrorText,
} from '#protocol'
import { StoreFullError, StoreUnavailableError } from '#stores'

/** Seconds after which a client may try again when the store is away. */
const RETRY_AFTER = '5'

/**
 * An endpoint that answers each request of its body with `answer`, in kind and in order. Every answer has status 200, refusals included (push §1.2);
 * but while the store is away it is 503 with the text for it, since clients take every 200 for a success and would not come again.
 */
export function pushEndpoint(route: string, answer: (request: unknown) => Promise<PushAnswer>): Endpoint {
  return {
    method: 'POST',
    route,
    async handle({ body }) {
      try {
        const bytes = await collectBody(body, MAX_PUSH_REQUEST_LENGTH)
        return jsonReply(200, await answerPushRequests(bytes, answer))
      } catch (error) {
        return failure(error)
      }
    },
  }
}

function failure(error: unknown): EndpointReply {
  if (error instanceof RequestTooLargeError) {
    return jsonReply(200, pushErrorAnswer({ errorCode: PushErrorCode.BadInput, text: PushErrorText.BodyTooLarge }))
  }
  if (error instanceof StoreUnavailableError || error instanceof StoreFullError) {
    const refusal = pushErrorAnswer({ errorCode: PushErrorCode.Error, text: PushErrorText.Error })
    return jsonReply(503, refusal, { 'retry-after': RETRY_AFTER, 'sotto-error': error.code })
  }
  throw error
}
