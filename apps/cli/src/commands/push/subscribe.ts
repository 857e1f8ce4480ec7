import { access } from 'node:fs/promises'
import type { Command } from 'commander'
import { toHex, utf8 } from '#crypto'
import type { CliContext } from '../../context.ts'
import { InvalidSeedError } from '../../errors.ts'
import { paint } from '../../output/paint.ts'
import { abbreviated } from '../../output/words.ts'
import { withClient } from '../../with-client.ts'
import { writeWhole } from '../../write-file.ts'
import { type AccountOptions, readAccount } from './read-account.ts'
import { type DeviceOptions, readDevice, readNamespaces, withDeviceOptions } from './read-device.ts'
import { type EncryptionKeyOptions, readEncryptionKey } from './read-encryption-key.ts'

export interface SubscribeOptions extends AccountOptions, DeviceOptions, EncryptionKeyOptions {
  readonly namespaces: string
  readonly data: boolean
  readonly json?: boolean
}

/** Adds `sotto push subscribe`. */
export function addSubscribe(push: Command, context: CliContext): void {
  withDeviceOptions(push.command('subscribe'))
    .description('have a device told of the messages of an account, for 14 days')
    .option('--namespaces <list>', 'which messages, such as 0,2,3', '0')
    .option('--no-data', 'leave the messages out of the notifications')
    .option('--enc-key-file <file>', 'file with the key of payloads in hex; made if it is not there')
    .option('--enc-key <hex>', 'the key itself; a new one is printed if none is given')
    .option('--json', 'print JSON')
    .action((options: SubscribeOptions) => subscribe(context, options))
}

/** Subscribes a device through three hops and prints the key that opens its notifications, if it is new and not in a file. */
export async function subscribe(context: CliContext, options: SubscribeOptions): Promise<void> {
  const { console, crypto, signal } = context
  const owner = await readAccount(crypto, options)
  if (owner === undefined) throw new InvalidSeedError()
  const device = readDevice(options)
  const namespaces = readNamespaces(options.namespaces)
  const { key: encryptionKey, isNew } = await obtainKey(context, options)
  const wish = { ...device, encryptionKey, namespaces, wantsData: options.data }
  const result = await withClient(context, (client) => client.push.subscribe(owner, wish, { signal }))
  const shownKey = isNew && options.encKeyFile === undefined ? toHex(encryptionKey) : undefined
  const { hex: account } = owner.account
  if (options.json === true) {
    console.print(JSON.stringify({ account, result, namespaces, ...(shownKey !== undefined && { encKey: shownKey }) }))
    return
  }
  const done = result === 'added' ? 'Subscribed' : 'Renewed'
  console.print(`${done}: ${abbreviated(account)} at ${device.service}, for 14 days from now.`)
  if (shownKey !== undefined) console.print(`${paint(console, 'bold', 'Key')}  ${shownKey}`)
}

/** The key of the options; else a new one, which goes into the file if one is named. */
async function obtainKey(
  { crypto }: CliContext,
  options: SubscribeOptions,
): Promise<{ readonly key: Uint8Array; readonly isNew: boolean }> {
  const { encKeyFile } = options
  if (options.encKey !== undefined || (encKeyFile !== undefined && (await exists(encKeyFile)))) {
    const key = await readEncryptionKey(options)
    if (key !== undefined) return { key, isNew: false }
  }
  const key = crypto.randomBytes(32)
  if (encKeyFile !== undefined) {
    await writeWhole(encKeyFile, utf8(`${toHex(key)}\n`), toHex(crypto.randomBytes(6)), false)
  }
  return { key, isNew: true }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
