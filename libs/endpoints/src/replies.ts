import { utf8 } from '#crypto'
import type { EndpointReply, ReplyBody } from './endpoint.ts'

type Headers = Readonly<Record<string, string>>

/** A JSON answer; the content type carries no charset because clients compare it as a whole (onion requests §5.3). */
export function jsonReply(status: number, value: unknown, headers: Headers = {}): EndpointReply {
  return bytesReply(status, 'application/json', utf8(JSON.stringify(value)), headers)
}

/** `{"status_code": status}`, the shape of every application error (files §1.2), with the stable code beside it. */
export function statusReply(status: number, code?: string, headers: Headers = {}): EndpointReply {
  return jsonReply(status, { status_code: status }, code === undefined ? headers : { ...headers, 'sotto-error': code })
}

export function textReply(status: number, text: string, headers: Headers = {}): EndpointReply {
  return bytesReply(status, 'text/plain', utf8(text), headers)
}

/** An answer of raw bytes of the given content type. */
export function bytesReply(status: number, contentType: string, body: ReplyBody, headers: Headers = {}): EndpointReply {
  return { status, headers: { 'content-type': contentType, ...headers }, body }
}
