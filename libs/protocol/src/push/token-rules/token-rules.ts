import { utf8 } from '#crypto'
import { type TokenRule, tokenRule } from './device-token.ts'
import { webPushTokenRule } from './web-push.ts'

/** The push services that have a rule for tokens (push §2.1, §2.5); `webpush` and `log` are extensions. */
export type PushServiceName = 'apns' | 'apns-sandbox' | 'firebase' | 'huawei' | 'webpush' | 'log'

const APNS_TOKEN = /^[0-9a-fA-F]{64}$/

const apns = tokenRule((token) =>
  APNS_TOKEN.test(token) ? undefined : `Invalid APNs device token (expected 64 hex, got ${utf8(token).length}B)`,
)

/**
 * The rule of each service, of the newer servers where they have one. Whoever serves requests picks those it has a provider for, and
 * `webPushTokenRule` with other options if it needs them.
 */
export const tokenRules: Readonly<Record<PushServiceName, TokenRule>> = {
  apns,
  'apns-sandbox': apns,
  firebase: notEmpty('Firebase device token cannot be empty'),
  huawei: notEmpty('Invalid huawei device token'),
  webpush: webPushTokenRule(),
  log: notEmpty('Log device token cannot be empty'),
}

function notEmpty(text: string): TokenRule {
  return tokenRule((token) => (token === '' ? text : undefined))
}
