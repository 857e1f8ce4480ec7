import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { SignJWT } from 'jose'
import { Pool } from 'undici'
import type { OutgoingNotification, PushConfig } from '#apps/push'
import { nativeCrypto } from '#crypto/native/index'
import { builtPush } from './built-push.ts'

/** Requests to a provider with nothing around its client library: no queue, no deadline, no look at what an answer means but its status. */
export interface BareSender {
  /** Rejects unless the provider takes it. */
  send(notification: OutgoingNotification): Promise<void>
  close(): Promise<void>
}

/** Streams that one connection to FCM has at once. */
const FCM_STREAMS = 100
const DEADLINE_MS = 10_000
/** As many as the relay keeps open to one host. */
const WEB_PUSH_CONNECTIONS = 64

/** FCM over `node:http2` with an access token of `firebase-admin`. */
export async function bareFcm({ providers: { fcm } }: PushConfig, inFlight: number): Promise<BareSender> {
  if (fcm === undefined) throw new Error('FCM is not configured')
  const [{ readServiceAccount }, { prepareLogin }, { buildMessage }] = await Promise.all([
    builtPush('providers/fcm/service-account'),
    builtPush('providers/fcm/google-login'),
    builtPush('providers/fcm/message'),
  ])
  const account = await readServiceAccount(fcm.accountFile)
  const { token } = await (await prepareLogin(account, { deadlineMs: DEADLINE_MS }))()
  const headers = {
    ':method': 'POST',
    ':path': `/v1/projects/${account.projectId}/messages:send`,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json; charset=UTF-8',
  }
  const sessions = Array.from({ length: Math.ceil(inFlight / FCM_STREAMS) }, () => connect(fcm.url))
  let next = 0
  return {
    send: (notification) => {
      const session = sessions[next++ % sessions.length] as ClientHttp2Session
      return exchange(session, headers, buildMessage(notification) ?? '')
    },
    close: async () => sessions.forEach((session) => session.close()),
  }
}

/** APNs over `node:http2` with one provider token for all. */
export async function bareApns({ providers: { apns } }: PushConfig): Promise<BareSender> {
  if (apns === undefined) throw new Error('APNs is not configured')
  const { createRequestBuilder } = await builtPush('providers/apns/apns-request')
  const build = createRequestBuilder(apns.topic)
  const token = await new SignJWT({ iss: apns.teamId })
    .setProtectedHeader({ alg: 'ES256', kid: apns.keyId })
    .setIssuedAt()
    .sign(createPrivateKey(readFileSync(apns.keyFile)))
  const session = connect(apns.urls.apns, { ca: readFileSync(apns.certificatesFile ?? '') })
  return {
    send: (notification) => {
      const { headers, body } = build(notification, token, Date.now())
      return exchange(session, headers, body)
    },
    close: async () => session.close(),
  }
}

/** Web Push with the encryption of `web-push`, one VAPID header for all and undici. */
export async function bareWebPush(
  { dataDirectory, providers: { webPush } }: PushConfig,
  origin: string,
): Promise<BareSender> {
  if (webPush === undefined) throw new Error('Web Push is not configured')
  const [{ loadOrCreateVapidKeys }, { VapidHeaders }, { encryptForEndpoint }] = await Promise.all([
    builtPush('providers/web-push/vapid-keys'),
    builtPush('providers/web-push/vapid-headers'),
    builtPush('providers/web-push/encrypt'),
  ])
  const randomBytes = (length: number): Uint8Array => nativeCrypto.randomBytes(length)
  const keys = loadOrCreateVapidKeys({ file: `${dataDirectory}/push-vapid-key`, randomBytes })
  const vapid = new VapidHeaders({ ...keys, subject: webPush.subject })
  const headers = {
    authorization: vapid.headerFor(origin, Date.now()),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    ttl: '86400',
    urgency: 'high',
  }
  const pool = new Pool(origin, { connections: WEB_PUSH_CONNECTIONS })
  return {
    send: async ({ token, payload, serviceData }) => {
      const path = new URL(token).pathname
      const body = encryptForEndpoint(payload, serviceData)
      const reply = await pool.request({ path, method: 'POST', headers, body })
      await reply.body.dump()
      assertTaken(reply.statusCode)
    },
    close: () => pool.close(),
  }
}

function exchange(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers)
    let status = 0
    stream.on('response', (response) => (status = response[':status'] ?? 0))
    stream.on('error', reject)
    stream.on('end', () => {
      try {
        assertTaken(status)
        resolve()
      } catch (error) {
        reject(error instanceof Error ? error : new Error('not taken', { cause: error }))
      }
    })
    stream.resume()
    stream.end(body)
  })
}

function assertTaken(status: number): void {
  if (status < 200 || status > 299) throw new Error(`the provider has answered ${status}`)
}
