import { collectBody, type Endpoint, textReply } from '#endpoints'
import type { Crypto } from '#crypto'
import { BlindedAuthError, verifyBlindedAuth } from '#protocol'

/** Longest body that a blinded signature is checked over; the operations behind it take none. */
const MAX_SIGNED_BODY = 65_536

/**
 * Judges the blinded headers of a request before its operation: none is fine, wrong ones are refused (files §4). The operation finds
 * the body read; none behind this takes one.
 */
export function authenticated(crypto: Crypto, now: () => number, endpoint: Endpoint): Endpoint {
  return {
    ...endpoint,
    async handle(request) {
      const body = await collectBody(request.body, MAX_SIGNED_BODY)
      const { method, target, headers } = request
      try {
        verifyBlindedAuth(crypto, { method, target, headers, body, now: now() })
      } catch (error) {
        if (!(error instanceof BlindedAuthError)) throw error
        return textReply(error.status, error.text, { 'sotto-error': error.code })
      }
      return endpoint.handle(request)
    },
  }
}
