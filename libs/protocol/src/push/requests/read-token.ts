import { utf8 } from '#crypto'
import { PushErrorText } from '../errors.ts'
import { MAX_DEVICE_TOKEN_LENGTH, MIN_DEVICE_TOKEN_LENGTH } from '../limits.ts'
import { type DeviceToken } from '../token-rules/device-token.ts'
import { failed } from './fields.ts'
import { type DeviceRequest } from './read-device-request.ts'

/** The token of a request by the rule of its service, then by the rule for all: 32 to 999 bytes. Throws `PushRequestError` (push §2.5). */
export function readToken({ rule, serviceInfo }: DeviceRequest): DeviceToken {
  const token = rule(serviceInfo)
  const { length } = utf8(token.token)
  if (length < MIN_DEVICE_TOKEN_LENGTH || length > MAX_DEVICE_TOKEN_LENGTH) throw failed(PushErrorText.Error)
  return token
}
