import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { PushDevice } from '#protocol'
import { type ApnsFake, type ApnsFakeAnswer, startApnsFake } from './fakes/apns/index.ts'
import { type FcmFake, startFcmFake } from './fakes/fcm/index.ts'
import { startWebPushFake, type WebPushFake } from './fakes/web-push/index.ts'

/** Services with a provider of their own. */
export const PROVIDED = ['firebase', 'apns', 'apns-sandbox', 'webpush'] as const
export type Provided = (typeof PROVIDED)[number]

/** An installation of an app as one push service knows it. */
export interface ProvidedDevice extends PushDevice {
  readonly service: Provided
  /** Token, or id of the subscription of Web Push, by which it is found at the provider. */
  readonly id: string
  /** 32 bytes. */
  readonly encryptionKey: Uint8Array
}

/** FCM, APNs and a Web Push service in this process. */
export class PushProviders {
  readonly #apnsFaults = new Map<string, ApnsFakeAnswer>()

  private constructor(
    readonly fcm: FcmFake,
    readonly apns: ApnsFake,
    readonly webPush: WebPushFake,
    /** What tells a push relay to use them, and the log for the service `log`. */
    readonly environment: Readonly<Record<string, string>>,
  ) {
    apns.answer = ({ headers }) => this.#apnsFaults.get(basename(headers[':path'] ?? ''))
  }

  /** Starts them; their credentials go into the directory, which is made. */
  static async start(directory: string): Promise<PushProviders> {
    const [fcm, apns, webPush] = await Promise.all([startFcmFake(), startApnsFake(), startWebPushFake()])
    mkdirSync(directory, { recursive: true })
    const write = (name: string, content: string): string => {
      const file = join(directory, name)
      writeFileSync(file, content, { mode: 0o600 })
      return file
    }
    const { key, keyId, teamId, ca, endpoint } = apns.access
    return new PushProviders(fcm, apns, webPush, {
      SOTTO_PUSH_FCM_URL: fcm.endpoint,
      SOTTO_PUSH_FCM_ACCOUNT_FILE: write('service-account.json', JSON.stringify(fcm.account)),
      SOTTO_PUSH_APNS_URL: endpoint,
      SOTTO_PUSH_APNS_SANDBOX_URL: endpoint,
      SOTTO_PUSH_APNS_KEY_FILE: write('apns.p8', key),
      SOTTO_PUSH_APNS_KEY_ID: keyId,
      SOTTO_PUSH_APNS_TEAM_ID: teamId,
      SOTTO_PUSH_APNS_CA_FILE: write('apns-ca.pem', ca),
      SOTTO_PUSH_ENDPOINTS: webPush.destination,
      SOTTO_PUSH_LOG_SERVICES: 'log',
    })
  }

  /** A new device of one service. */
  device(service: Provided): ProvidedDevice {
    const encryptionKey = nativeCrypto.randomBytes(32)
    if (service !== 'webpush') {
      const token = toHex(nativeCrypto.randomBytes(32))
      return { service, serviceInfo: { token }, id: token, encryptionKey }
    }
    const { id, serviceInfo } = this.webPush.subscribe()
    return { service, serviceInfo, id, encryptionKey }
  }

  /** Every `enc_payload` that the provider has taken for the device, in order. */
  payloads({ service, id }: ProvidedDevice): readonly string[] {
    switch (service) {
      case 'firebase':
        return this.fcm.messages.received
          .filter(({ token }) => token === id)
          .flatMap(({ data }) => data['enc_payload'] ?? [])
      case 'apns':
      case 'apns-sandbox':
        return this.apns.requests
          .filter(({ headers, status }) => status === 200 && headers[':path'] === `/3/device/${id}`)
          .map(({ body }) => readPayload(body))
      case 'webpush':
        return this.webPush.received.filter((push) => push.id === id).map(({ text }) => readPayload(text ?? ''))
    }
  }

  /** From now on, the provider says of the device that it is gone. */
  kill({ service, id }: ProvidedDevice): void {
    switch (service) {
      case 'firebase':
        this.fcm.messages.tokenFaults.set(id, { kind: 'error', status: 404, reason: 'UNREGISTERED' })
        return
      case 'apns':
      case 'apns-sandbox':
        this.#apnsFaults.set(id, { status: 410, reason: 'Unregistered', timestamp: Date.now() })
        return
      case 'webpush':
        this.webPush.fail({ kind: 'status', status: 410 }, { subscription: { id } })
    }
  }

  /** From now on, the provider fails for the device with an answer that quotes its token wherever it can. */
  failQuoting({ service, id, serviceInfo }: ProvidedDevice): void {
    switch (service) {
      case 'firebase': {
        const details = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: id }]
        const body = JSON.stringify({ error: { code: 500, status: id, message: id, details } })
        this.fcm.messages.tokenFaults.set(id, { kind: 'page', status: 500, body })
        return
      }
      case 'apns':
      case 'apns-sandbox':
        this.#apnsFaults.set(id, { status: 500, reason: id })
        return
      case 'webpush': {
        const location = 'endpoint' in serviceInfo ? serviceInfo.endpoint : ''
        this.webPush.fail({ kind: 'redirect', location }, { subscription: { id } })
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.fcm.stop(), this.apns.close(), this.webPush.close()])
  }
}

function readPayload(json: string): string {
  const { enc_payload: payload } = JSON.parse(json) as { readonly enc_payload: string }
  return payload
}
