import type { Command } from 'commander'
import type { CliContext } from '../../context.ts'
import { InvalidSeedError } from '../../errors.ts'
import { withClient } from '../../with-client.ts'
import { type AccountOptions, readAccount } from './read-account.ts'
import { type DeviceOptions, readDevice, withDeviceOptions } from './read-device.ts'

export interface UnsubscribeOptions extends AccountOptions, DeviceOptions {
  readonly json?: boolean
}

/** Adds `sotto push unsubscribe`. */
export function addUnsubscribe(push: Command, context: CliContext): void {
  withDeviceOptions(push.command('unsubscribe'))
    .description('have a device told no more')
    .option('--json', 'print JSON')
    .action((options: UnsubscribeOptions) => unsubscribe(context, options))
}

/** Takes a device off, and says whether it was there. */
export async function unsubscribe(context: CliContext, options: UnsubscribeOptions): Promise<void> {
  const { console, crypto, signal } = context
  const owner = await readAccount(crypto, options)
  if (owner === undefined) throw new InvalidSeedError()
  const device = readDevice(options)
  const removed = await withClient(context, (client) => client.push.unsubscribe(owner, device, { signal }))
  if (options.json === true) console.print(JSON.stringify({ account: owner.account.hex, removed }))
  else console.print(removed ? 'The device is told no more.' : 'The device was not subscribed.')
}
