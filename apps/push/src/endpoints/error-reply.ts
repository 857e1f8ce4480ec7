import { EndpointError, type EndpointReply, errorReply, INTERNAL_ERROR, jsonReply } from '#endpoints'
import { pushErrorAnswer, PushErrorCode, PushErrorText } from '#protocol'

/** Answers for what went wrong outside of any request's judgement: a fault of ours is code 5, in the form that clients read (push §2.3). */
export function pushErrorReply(error: unknown): EndpointReply {
  if (error instanceof EndpointError) return errorReply(error)
  const answer = pushErrorAnswer({ errorCode: PushErrorCode.Internal, text: PushErrorText.Internal })
  return jsonReply(500, answer, { 'sotto-error': INTERNAL_ERROR })
}
