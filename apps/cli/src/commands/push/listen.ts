import { type Command, InvalidArgumentError } from 'commander'
import { type Client, type FastMode, PushRefusedError } from '#client'
import { createWebPushKeys, type WebPushKeys } from '#client/node/web-push/index'
import {
  PushErrorCode,
  type PushDevice,
  PushPayloadError,
  type RequestSigner,
  userSigner,
  webPushSubscription,
} from '#protocol'
import { shortToBase64Url } from '#protocol/files/base64'
import type { CliContext } from '../../context.ts'
import { EndpointRefusedError } from '../../errors.ts'
import { explainError } from '../../explain-error.ts'
import { withClient } from '../../with-client.ts'
import { payloadInWebPush } from './payload-in-web-push.ts'
import { introduce, showNotice } from './show-notice.ts'
import { openPushEndpoint, type PushEndpoint } from './push-endpoint.ts'
import { type AccountOptions, readAccount } from './read-account.ts'
import { readNamespaces, withAccountOptions } from './read-device.ts'

/** The port that the documentation names in `SOTTO_PUSH_ENDPOINTS`. */
const DEFAULT_PORT = 3_033

export interface ListenOptions extends AccountOptions {
  readonly port: number
  readonly namespaces: string
  readonly data: boolean
  readonly count?: number
  readonly json?: boolean
}

/** Adds `sotto push listen`. */
export function addListen(push: Command, context: CliContext): void {
  withAccountOptions(push.command('listen'))
    .description('be a device of a UnifiedPush service on this machine, and show what arrives')
    .option('--port <port>', 'port to listen on, on 127.0.0.1; 0 for any', wholeNumber(0, 65_535), DEFAULT_PORT)
    .option('--namespaces <list>', 'which messages, such as 0,2,3', '0')
    .option('--no-data', 'leave the messages out of the notifications')
    .option('--count <n>', 'end after so many messages', wholeNumber(1, 1_000_000))
    .option('--json', 'print JSON, one object a line')
    .addHelpText('after', '\nWithout a seed the account is made for this run alone.')
    .action((options: ListenOptions) => listen(context, options))
}

/** Subscribes an endpoint of its own, prints messages as they come, and takes the endpoint off in the end. */
export async function listen(context: CliContext, options: ListenOptions): Promise<void> {
  const { crypto } = context
  const signer = (await readAccount(crypto, options)) ?? userSigner(crypto, crypto.randomBytes(32))
  const namespaces = readNamespaces(options.namespaces)
  const keys = createWebPushKeys((length) => crypto.randomBytes(length))
  let mode: FastMode | undefined
  const endpoint = await openPushEndpoint({
    port: options.port,
    secret: shortToBase64Url(crypto.randomBytes(24)),
    receive: async (body) => mode !== undefined && receive(mode, keys, body),
  })
  try {
    const { service, serviceInfo } = deviceAt(endpoint, keys)
    await withClient(context, async (client) => {
      mode = client.fastMode({
        sources: [{ signer, namespaces }],
        device: { service, serviceInfo },
        encryptionKey: crypto.randomBytes(32),
        wantsData: options.data,
        onProblem: (problem) => context.console.complain(`${explainError(problem).sentence}.`),
      })
      await listenWith(context, { client, mode, signer, endpoint, device: { service, serviceInfo } }, options)
    })
  } finally {
    await endpoint.close()
  }
}

interface Listening {
  readonly client: Client
  readonly mode: FastMode
  readonly signer: RequestSigner
  readonly endpoint: PushEndpoint
  readonly device: PushDevice
}

async function listenWith(context: CliContext, listening: Listening, options: ListenOptions): Promise<void> {
  const { client, mode, signer, endpoint, device } = listening
  const { signal } = context
  let count = 0
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (finish = resolve))
  signal.addEventListener('abort', finish, { once: true })
  try {
    await mode.start((notice) => {
      if (count === options.count) return
      showNotice(context, notice, options.json === true)
      if (++count === options.count) finish()
    })
    introduce(context, { account: signer.account, url: endpoint.url, host: endpoint.host }, options.json === true)
    if (!signal.aborted) await finished
    await mode.stop()
    await client.push.unsubscribe(signer, device)
  } catch (error) {
    await mode.stop()
    if (error instanceof PushRefusedError && error.pushCode === PushErrorCode.BadInput) {
      throw new EndpointRefusedError(endpoint.host, { cause: error })
    }
    throw error
  } finally {
    signal.removeEventListener('abort', finish)
  }
}

function deviceAt({ url }: PushEndpoint, { publicKey, auth }: WebPushKeys): PushDevice {
  return { service: 'webpush', serviceInfo: webPushSubscription(url, publicKey, auth) }
}

async function receive(mode: FastMode, keys: WebPushKeys, body: Uint8Array): Promise<boolean> {
  const payload = payloadInWebPush(keys, body)
  if (payload === undefined) return false
  try {
    await mode.receive(payload)
    return true
  } catch (error) {
    if (error instanceof PushPayloadError) return false
    throw error
  }
}

/** Reads a whole number of an option; throws what commander explains to the user. */
function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`)
    }
    return value
  }
}
