import { isJsonObject } from '../../onion/json-members.ts'
import { PushErrorCode, PushRequestError } from '../errors.ts'

/** How a push service knows a device. */
export interface DeviceToken {
  /** `svcid`: the token as the provider wants it, for Web Push the endpoint's URL. */
  readonly token: string
  /** What the provider needs beside the token; empty for most. */
  readonly serviceData: Uint8Array
}

/** Reads the `service_info` of a request, any JSON value, by the rule of its service. Throws `PushRequestError` (push §2.5). */
export type TokenRule = (serviceInfo: unknown) => DeviceToken

const NO_DATA = new Uint8Array(0)

/** A rule for `{"token":"…"}` where `complaint` says what is wrong with a token, if anything. */
export function tokenRule(complaint: (token: string) => string | undefined): TokenRule {
  return (serviceInfo) => {
    const token = isJsonObject(serviceInfo) ? serviceInfo['token'] : undefined
    if (typeof token !== 'string') throw badToken('Unparseable JSON notification request data')
    const reason = complaint(token)
    if (reason !== undefined) throw badToken(reason)
    return { token, serviceData: NO_DATA }
  }
}

/** The refusal of a token: code 1 (push §10). */
export function badToken(text: string): PushRequestError {
  return new PushRequestError(PushErrorCode.BadInput, text)
}
