import { fromBase64 } from '../base64.ts'
import { MAX_MESSAGE_LENGTH, MAX_MESSAGE_TEXT_LENGTH } from '../limits.ts'
import { invalidRequest } from '../rpc-error.ts'
import { readBinary, required } from './fields.ts'
import { type Params } from './params.ts'

/** The `data` of a message, at most 76,800 bytes. Throws `RpcError` 400 (mailbox RPC §4.1). */
export function readData(params: Params): Uint8Array {
  const value = required(readBinary(params, 'data'), 'data')
  const isText = typeof value === 'string'
  const bytes = isText ? fromBase64(value) : value
  if (bytes === undefined) throw invalidRequest("Invalid 'data' value: not base64 encoded")
  if (value.length > (isText ? MAX_MESSAGE_TEXT_LENGTH : MAX_MESSAGE_LENGTH)) {
    throw invalidRequest(`Message body exceeds maximum allowed length of ${MAX_MESSAGE_LENGTH} bytes`)
  }
  return bytes
}
