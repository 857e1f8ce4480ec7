import { type Crypto, DecryptionError, utf8 } from '#crypto'
import { parseV4Reply, type V4Reply } from '../lsrpc/v4-reply.ts'
import { decodeBase64Bytes, encodeBase64Bytes } from './base64-bytes.ts'
import { NodeReplyError } from './errors.ts'
import { parseJsonObject } from './json-members.ts'
import { decryptLayer, encryptLayer, type LayerKey } from './layer.ts'

/** What the storage RPC answered. */
export interface NodeReply {
  readonly status: number
  /** A text (for errors), or a value that JSON can express. */
  readonly body: unknown
}

/** The same, with a body that is text already. */
export interface NodeTextReply {
  readonly status: number
  /** Whether `text` is JSON, or a plain text. */
  readonly isJson: boolean
  readonly text: string
}

/** How the control of the last layer wants the reply. */
export interface NodeReplyForm {
  /** Embed a body that is no text as JSON instead of its text. */
  readonly json: boolean
  /** Base64 text instead of raw bytes. */
  readonly base64: boolean
  /** Random unless given. */
  readonly nonce?: Uint8Array
}

/** The bytes a node answers with, under HTTP status 200 (onion requests §7.2). */
export function encodeNodeReply(crypto: Crypto, layerKey: LayerKey, reply: NodeReply, form: NodeReplyForm): Uint8Array {
  const { status, body } = reply
  const isJson = typeof body !== 'string'
  const text = isJson ? JSON.stringify(body) : body
  return encodeNodeTextReply(crypto, layerKey, { status, isJson, text }, form)
}

/** As `encodeNodeReply`, for a body whose JSON somebody else has written: it is taken as it is and never parsed. */
export function encodeNodeTextReply(
  crypto: Crypto,
  layerKey: LayerKey,
  { status, isJson, text }: NodeTextReply,
  form: NodeReplyForm,
): Uint8Array {
  const embedded = isJson && form.json ? text : JSON.stringify(text)
  const plaintext = utf8(`{"body":${embedded},"status":${status}}`)
  const sealed = encryptLayer(crypto, layerKey, plaintext, form.nonce)
  return form.base64 ? encodeBase64Bytes(sealed) : sealed
}

/**
 * Opens a node's answer with what clients tolerate (onion requests §7.3): base64 or raw, also as `{"result":"<base64>"}`; the
 * number in `status_code` or else `status`; a text body that is JSON becomes that value. Throws `DecryptionError` or `NodeReplyError`.
 */
export function decodeNodeReply(crypto: Crypto, layerKey: LayerKey, wire: Uint8Array): NodeReply {
  const members = parseJsonObject(openNodeReply(crypto, layerKey, wire))
  if (members === undefined) throw new NodeReplyError('the reply is not a JSON object')
  const { body } = members
  const status = members['status_code'] ?? members['status']
  if (typeof status !== 'number' || !Number.isSafeInteger(status)) throw new NodeReplyError('the reply has no status')
  if (body === undefined) throw new NodeReplyError('the reply has no body')
  return { status, body: typeof body === 'string' ? valueOf(body) : body }
}

/** Opens an external server's v4 answer, which is raw (onion requests §5.3). Throws `DecryptionError` or `InvalidV4ReplyError`. */
export function decodeServerReply(crypto: Crypto, layerKey: LayerKey, wire: Uint8Array): V4Reply {
  return parseV4Reply(decryptLayer(crypto, layerKey, wire))
}

function openNodeReply(crypto: Crypto, layerKey: LayerKey, wire: Uint8Array): Uint8Array {
  const text = unwrapResult(wire)
  const sealed = decodeBase64Bytes(text)
  if (sealed === undefined) return decryptLayer(crypto, layerKey, text)
  try {
    return decryptLayer(crypto, layerKey, sealed)
  } catch (cause) {
    // Raw ciphertext may consist of base64 digits by chance.
    if (cause instanceof DecryptionError) return decryptLayer(crypto, layerKey, text)
    throw cause
  }
}

function unwrapResult(wire: Uint8Array): Uint8Array {
  if (wire[0] !== 0x7b) return wire
  const result = parseJsonObject(wire)?.['result']
  return typeof result === 'string' ? utf8(result) : wire
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
