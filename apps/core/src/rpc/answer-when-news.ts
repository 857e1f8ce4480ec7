import type { RetrieveRequest, RpcReply, SimpleRequest } from '#protocol'
import type { Waiter, WaitingRoom } from '../waiting/waiting-room.ts'

/** Answers one request; `isRepeated` when it was answered before, without news. */
export type AnswerOne = (request: SimpleRequest, isRepeated: boolean) => Promise<RpcReply>

/**
 * Answers requests that came together, all at the same time. Those of them that wait keep the whole answer back until one of them has
 * a message (or a refusal), or the longest `wait` is over; then they are answered anew, the others are not.
 */
export async function answerWhenNews(
  requests: readonly SimpleRequest[],
  room: WaitingRoom,
  answer: AnswerOne,
): Promise<readonly RpcReply[]> {
  // The place is taken first, so that a message which comes during the first look is not missed.
  const waiter = enter(requests, room)
  const all = (): Promise<RpcReply[]> => Promise.all(requests.map((request) => answer(request, false)))
  if (waiter === undefined) return all()
  try {
    let replies = await all()
    while (!waiter.isOver && replies.every(isWithoutNews)) {
      await waiter.next()
      const earlier = replies
      replies = await Promise.all(
        requests.map(async (request, i) => (waits(request) ? answer(request, true) : (earlier[i] as RpcReply))),
      )
    }
    return replies
  } finally {
    waiter.leave()
  }

  function isWithoutNews(reply: RpcReply, i: number): boolean {
    return requests[i]?.method !== 'retrieve' || isEmptyPage(reply)
  }
}

function enter(requests: readonly SimpleRequest[], room: WaitingRoom): Waiter | undefined {
  const waiting = requests.filter(waits)
  if (waiting.length === 0) return undefined
  const awaited = waiting.map(({ account, namespace }) => ({ account: account.hex, namespace }))
  return room.enter(awaited, Math.max(...waiting.map(({ wait }) => wait)))
}

function waits(request: SimpleRequest): request is RetrieveRequest {
  return request.method === 'retrieve' && request.wait > 0
}

function isEmptyPage({ status, body }: RpcReply): boolean {
  if (status !== 200 || typeof body === 'string' || !('messages' in body)) return false
  const { messages } = body as { readonly messages: unknown }
  return Array.isArray(messages) && messages.length === 0
}
