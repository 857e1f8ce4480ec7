import { type Command, Option } from 'commander'
import { MAX_NAMESPACE, MIN_NAMESPACE, type PushDevice } from '#protocol'
import { InvalidDeviceError, InvalidNamespacesError } from '../../errors.ts'

export interface DeviceOptions {
  readonly service: string
  readonly token?: string
  readonly endpoint?: string
  readonly p256dh?: string
  readonly auth?: string
}

/** Adds the options that name an account and a device. */
export function withDeviceOptions(command: Command): Command {
  return withAccountOptions(command)
    .addOption(
      new Option('--service <name>', 'the push service')
        .choices(['apns', 'apns-sandbox', 'firebase', 'webpush', 'log'])
        .makeOptionMandatory(),
    )
    .option('--token <token>', 'what the push service calls the device')
    .option('--endpoint <url>', 'webpush: where the push server of the device listens')
    .option('--p256dh <key>', 'webpush: public key, base64url')
    .option('--auth <secret>', 'webpush: secret, base64url')
}

/** Adds the options that give the seed of an account. */
export function withAccountOptions(command: Command): Command {
  return command
    .option('--seed-file <file>', 'file with the seed of the account in hex')
    .option('--seed <hex>', 'the seed itself; other users of this machine can see it')
}

/** The device that the options name. Throws `InvalidDeviceError`. */
export function readDevice({ service, token, endpoint, p256dh, auth }: DeviceOptions): PushDevice {
  if (service !== 'webpush') {
    if (token === undefined) throw new InvalidDeviceError()
    return { service, serviceInfo: { token } }
  }
  if (endpoint === undefined || p256dh === undefined || auth === undefined) throw new InvalidDeviceError()
  return { service, serviceInfo: { endpoint, keys: { p256dh, auth } } }
}

/** Numbers with commas between. Throws `InvalidNamespacesError`. */
export function readNamespaces(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim())
  const namespaces = parts.map(Number)
  const areValid = namespaces.every((one) => Number.isInteger(one) && one >= MIN_NAMESPACE && one <= MAX_NAMESPACE)
  if (!areValid || parts.includes('')) throw new InvalidNamespacesError()
  return [...new Set(namespaces)].sort((a, b) => a - b)
}
