import { utf8 } from '#crypto'
import { type AccountId } from '../mailbox/accounts/account-id.ts'

/** What is signed to unsubscribe; `signedAt` in seconds. To subscribe it is the text of `monitorSignedBytes` (push §3). */
export function unsubscribeSignedBytes(account: AccountId, signedAt: number): Uint8Array {
  return utf8(`UNSUBSCRIBE${account.hex}${signedAt}`)
}
