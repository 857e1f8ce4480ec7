import { ClientError, RequestAbortedError, TransportError } from '../errors.ts'
import { collectBody, contentLength } from './collect-body.ts'
import type { Transport, TransportOptions, TransportReply } from './transport.ts'

/**
 * A transport over the platform's `fetch`, for browsers. It sends no header of its own, so that no preflight is needed, and reports the
 * progress of sending only at its beginning and end, because `fetch` shows no more.
 */
export function createFetchTransport(fetchFunction: typeof fetch = fetch): Transport {
  return {
    get: (url, options) => exchange(fetchFunction, url, { method: 'GET' }, options),
    post: async (url, body, options) => {
      const total = body.length
      options.onProgress?.({ direction: 'sending', bytes: 0, total })
      // A copy on an ArrayBuffer of its own: the types of fetch exclude shared memory.
      return exchange(fetchFunction, url, { method: 'POST', body: Uint8Array.from(body) }, options, () =>
        options.onProgress?.({ direction: 'sending', bytes: total, total }),
      )
    },
  }
}

async function exchange(
  fetchFunction: typeof fetch,
  url: string,
  init: RequestInit,
  options: TransportOptions,
  onAnswer?: () => void,
): Promise<TransportReply> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal])
  try {
    const reply = await fetchFunction(url, { ...init, signal, redirect: 'manual' })
    onAnswer?.()
    const total = contentLength(reply.headers.get('content-length'))
    const body = reply.body === null ? new Uint8Array() : await collectBody(reply.body, total, options.onProgress)
    return { status: reply.status, statusText: reply.statusText, body }
  } catch (error) {
    if (options.signal?.aborted === true) throw new RequestAbortedError({ cause: error })
    if (error instanceof ClientError) throw error
    throw new TransportError('the peer did not answer; check the connection and the address', { cause: error })
  }
}
