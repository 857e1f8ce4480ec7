import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { nativeCrypto } from '#crypto/native/index'
import {
  type AccountId,
  buildSubscribeRequest,
  buildUnsignedStore,
  buildUnsubscribeRequest,
  encodePushRequests,
  type PushDevice,
  type RequestSigner,
} from '#protocol'
import { until } from './backends/probe.ts'
import { PlainRpc } from './plain-rpc.ts'
import { PROVIDED, type ProvidedDevice, type PushProviders } from './push-providers.ts'
import { PersonalSecrets } from './push-secrets.ts'
import { randomUsers } from './store-load.ts'

/** An address that nothing but this life has. */
const CLIENT_ADDRESS = '127.0.0.77'
const DAY_MS = 86_400_000

export interface PrivateLifeOptions {
  readonly providers: PushProviders
  /** Where subscriptions go. */
  readonly relay: string
  readonly portsOf: (account: AccountId) => readonly number[]
}

/** People who use every part of a push relay, with good requests and bad, and meet every fate that a notification may have. */
export class PrivateLife {
  /** Everything that tells of them. */
  readonly secrets = new PersonalSecrets()
  /** Devices that cannot be reached, and for which notifications wait in the end. */
  readonly waiting: ProvidedDevice[] = []
  readonly #options: PrivateLifeOptions
  readonly #rpc = new PlainRpc({ localAddress: CLIENT_ADDRESS })

  constructor(options: PrivateLifeOptions) {
    this.#options = options
    this.secrets.add('address', CLIENT_ADDRESS)
  }

  /** Resolves when every notification has come to its end, or waits because of what its provider says. */
  async live(): Promise<void> {
    for (const service of PROVIDED) {
      await this.#meetAllFates(service)
      await this.#failBeforeTheEnd(service)
    }
    await this.#beLogged()
    await this.#sendNonsense()
  }

  close(): void {
    this.#rpc.close()
  }

  /** A device that is reached, renewed, and gone in the end by the word of its provider; and one that unsubscribes. */
  async #meetAllFates(service: (typeof PROVIDED)[number]): Promise<void> {
    const { providers } = this.#options
    const owner = this.#person()
    const [device, leaving] = [this.#device(service), this.#device(service)]
    for (const one of [device, device, leaving]) await this.#subscribe(owner, one)
    await this.#post('/unsubscribe', buildUnsubscribeRequest(owner, { ...leaving, signedAt: seconds() }))
    await this.#store(owner)
    const isReached = async (): Promise<boolean> => providers.payloads(device).length > 0
    if (!(await until(isReached))) throw new Error('a device is not reached')
    providers.kill(device)
    await this.#store(owner)
  }

  async #failBeforeTheEnd(service: (typeof PROVIDED)[number]): Promise<void> {
    const owner = this.#person()
    const device = this.#device(service)
    this.#options.providers.failQuoting(device)
    await this.#subscribe(owner, device)
    await this.#store(owner)
    this.waiting.push(device)
  }

  async #beLogged(): Promise<void> {
    const owner = this.#person()
    const token = `somebody who reads the log ${randomBytes(8).toString('hex')}`
    this.secrets.add('log token', token)
    await this.#subscribe(owner, { service: 'log', serviceInfo: { token }, encryptionKey: this.#encryptionKey() })
    await this.#store(owner)
  }

  async #sendNonsense(): Promise<void> {
    const owner = this.#person()
    const device = this.#device('firebase')
    const good = buildSubscribeRequest(owner, { ...device, namespaces: [0], wantsData: true, signedAt: seconds() })
    const signature = randomBytes(64).toString('base64')
    this.secrets.add('wrong signature', signature)
    for (const path of ['/subscribe', '/unsubscribe']) {
      await this.#post(path, { ...good, signature })
      await this.#post(path, { ...good, service: device.id.slice(0, 32) })
      await this.#post(path, { ...good, service_info: device.id })
      await this.#post(path, { ...good, pubkey: device.id })
    }
    const cut = encodePushRequests(good).subarray(0, -2)
    for (const path of ['/subscribe', '/unsubscribe', '/oxen/v4/lsrpc', `/${device.id}?${device.id}`]) {
      await this.#send(path, cut)
    }
  }

  #person(): RequestSigner {
    const [person] = randomUsers(1) as [RequestSigner]
    this.secrets.add('account', person.account.key)
    const { pubkeyEd25519 } = person.authenticate(new Uint8Array())
    this.secrets.add('key of an account', pubkeyEd25519 ?? '')
    return person
  }

  #device(service: (typeof PROVIDED)[number]): ProvidedDevice {
    const device = this.#options.providers.device(service)
    this.secrets.add('token', device.id)
    this.secrets.add('encryption key', device.encryptionKey)
    if ('endpoint' in device.serviceInfo) {
      const { endpoint, keys } = device.serviceInfo
      this.secrets.add('endpoint', endpoint)
      this.secrets.add('auth secret', Buffer.from(keys.auth, 'base64url'))
      this.secrets.add('key of a browser', Buffer.from(keys.p256dh, 'base64url'))
    } else {
      this.secrets.add('token', Buffer.from(device.id, 'hex'))
    }
    return device
  }

  #encryptionKey(): Uint8Array {
    const key = nativeCrypto.randomBytes(32)
    this.secrets.add('encryption key', key)
    return key
  }

  async #subscribe(owner: RequestSigner, device: PushDevice & { readonly encryptionKey: Uint8Array }): Promise<void> {
    const options = { ...device, namespaces: [0], wantsData: true, signedAt: seconds() }
    const answer = await this.#post('/subscribe', buildSubscribeRequest(owner, options))
    if (!answer.includes('"success":true')) throw new Error(`subscribing failed: ${answer}`)
  }

  async #store({ account }: RequestSigner): Promise<void> {
    const data = nativeCrypto.randomBytes(300)
    this.secrets.add('message', data.subarray(0, 32))
    const [port] = this.#options.portsOf(account) as [number]
    const message = { namespace: 0, timestamp: Date.now(), ttl: DAY_MS, data }
    const { status, body } = await this.#rpc.call(port, buildUnsignedStore(account, message))
    if (status !== 200) throw new Error(`storing failed: ${status}`)
    this.secrets.add('hash', (JSON.parse(body) as { readonly hash: string }).hash)
  }

  #post(path: string, body: ReturnType<typeof buildSubscribeRequest>): Promise<string> {
    return this.#send(path, encodePushRequests(body))
  }

  /** One request from the address of its own. */
  #send(path: string, body: Uint8Array): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', localAddress: CLIENT_ADDRESS }
      const outgoing = request(this.#options.relay + path, options, (reply) => {
        const pieces: Buffer[] = []
        reply.on('data', (piece: Buffer) => pieces.push(piece))
        reply.on('error', reject)
        reply.on('end', () => resolve(Buffer.concat(pieces).toString()))
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000)
}
