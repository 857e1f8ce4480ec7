import type { MessageNotice } from '#client'
import { type AccountId, toBase64 } from '#protocol'
import type { CliContext } from '../../context.ts'
import { paint } from '../../output/paint.ts'
import { abbreviated, atTime } from '../../output/words.ts'
import { describeBody } from './describe-body.ts'

/** Who listens where. */
export interface Listener {
  readonly account: AccountId
  readonly url: string
  /** Host and port. */
  readonly host: string
}

/** Says that messages are waited for, and how to send one. */
export function introduce(
  { console }: Pick<CliContext, 'console'>,
  { account, url, host }: Listener,
  isJson: boolean,
): void {
  if (isJson) {
    console.print(JSON.stringify({ event: 'listening', account: account.hex, endpoint: url }))
    return
  }
  const store = `{"pubkey":"${account.hex}","namespace":0,"ttl":3600000,"timestamp":'$(date +%s000)',"data":"aGVsbG8="}`
  console.print(paint(console, 'bold', `Listening for messages to ${account.hex}`))
  console.print(`Send one:  sotto rpc store '${store}'`)
  console.print(`If nothing comes, start the network with SOTTO_PUSH_ENDPOINTS=${host}`)
}

/** Shows a message that has arrived. */
export function showNotice({ console }: Pick<CliContext, 'console'>, notice: MessageNotice, isJson: boolean): void {
  const { account, namespace, hash, timestamp, expiry, body, way } = notice
  if (isJson) {
    const message = { account: account.hex, namespace, hash, timestamp, expiry, body: toBase64(body), way }
    console.print(JSON.stringify({ event: 'message', ...message }))
    return
  }
  const how = way === 'push' ? 'in a notification' : 'from the mailbox'
  const where = `${abbreviated(account.hex)} namespace ${namespace}, ${how}`
  console.print(`${paint(console, 'dim', atTime(timestamp / 1_000))}  ${where}`)
  console.print(`  ${describeBody(body)}`)
}
