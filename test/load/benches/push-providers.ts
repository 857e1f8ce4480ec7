import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApnsFakeProcess } from '../../support/fakes/apns/start-apns-fake-process.ts'
import { startWebPushProcess } from '../../support/fakes/web-push/start-web-push-process.ts'
import { startFcmFakeProcess } from '../lib/fcm-fake-process.ts'
import { SERVER_FLAGS } from '../lib/processes.ts'
import type { PushProvidersPlan, PushProvidersResult } from '../lib/push-providers.ts'
import { isQuick } from '../lib/quick.ts'
import { type Bench, percent, perSecond, type Row } from '../lib/report.ts'
import { runScript } from '../lib/run-script.ts'

/** A fake in a process of its own, and what the relay has to know of it. */
interface Fake extends Pick<PushProvidersPlan, 'service' | 'environment' | 'endpoints'> {
  readonly name: string
  readonly library: string
  stop(): Promise<void>
}

const ROUNDS = isQuick ? 1 : 5
const COUNT = isQuick ? 2_000 : 6_000
const IN_FLIGHT = 256
const ENDPOINTS = 100
const SHARE = 0.8

/** A full queue worked off by each provider, beside a bare loop over the same client library. */
export const pushProviders: Bench = {
  name: 'push-providers',
  async run(): Promise<Row[]> {
    const rows: Row[] = []
    for (const start of [startFcm, startApns, startWebPush]) {
      const directory = mkdtempSync(join(tmpdir(), 'sotto-provider-'))
      const fake = await start(directory)
      try {
        rows.push(...(await measure(fake)))
      } finally {
        await fake.stop()
        rmSync(directory, { recursive: true, force: true })
      }
    }
    return rows
  },
}

async function measure({ name, library, service, environment, endpoints }: Fake): Promise<Row[]> {
  const plan = { port: 19222, service, environment, endpoints, count: COUNT, rounds: ROUNDS, inFlight: IN_FLIGHT }
  const { bare, alone, ours, refused } = await runScript<PushProvidersResult>('push-providers', plan, SERVER_FLAGS)
  const repeated = refused === 0 ? '' : `; ${refused.toLocaleString('en')} sent again`
  const row = (work: string, rate: number, remark = ''): Row => ({
    work: `${work}, payload of 1 kB, ${IN_FLIGHT} in flight`,
    baseline: `bare loop over ${library}: ${perSecond(bare)}`,
    ours: `${perSecond(rate)} (${percent(rate / bare)})${remark}`,
    target: `≥ ${percent(SHARE)}`,
    reached: rate >= SHARE * bare,
  })
  return [row(`provider ${name} by itself`, alone), row(`full durable queue → ${name}`, ours, repeated)]
}

async function startFcm(directory: string): Promise<Fake> {
  const fcm = await startFcmFakeProcess(directory, 'count')
  return {
    name: 'FCM',
    library: '`node:http2` with a token of `firebase-admin`',
    service: 'firebase',
    environment: fcm.environment,
    endpoints: [],
    stop: () => fcm.stop(),
  }
}

async function startApns(directory: string): Promise<Fake> {
  const apns = await startApnsFakeProcess({ directory, recording: 'count' })
  const environment = {
    SOTTO_PUSH_APNS_KEY_FILE: apns.keyFile,
    SOTTO_PUSH_APNS_KEY_ID: apns.keyId,
    SOTTO_PUSH_APNS_TEAM_ID: apns.teamId,
    SOTTO_PUSH_APNS_URL: apns.endpoint,
    SOTTO_PUSH_APNS_CA_FILE: apns.caFile,
  }
  const stop = (): Promise<void> => apns.stop()
  return { name: 'APNs', library: '`node:http2`, TLS', service: 'apns', environment, endpoints: [], stop }
}

async function startWebPush(directory: string): Promise<Fake> {
  const webPush = await startWebPushProcess({ file: join(directory, 'received'), opens: false })
  const endpoints: { readonly url: string; readonly keys: string }[] = []
  for (let i = 0; i < ENDPOINTS; i++) {
    const { endpoint, keys } = await webPush.subscribe()
    const bytes = [keys.p256dh, keys.auth].map((key) => Buffer.from(key, 'base64url'))
    endpoints.push({ url: endpoint, keys: Buffer.concat(bytes).toString('hex') })
  }
  const environment = { SOTTO_PUSH_WEB: 'on', SOTTO_PUSH_ENDPOINTS: new URL(webPush.url).host }
  const stop = (): Promise<void> => webPush.stop()
  return { name: 'Web Push', library: '`web-push` and undici', service: 'webpush', environment, endpoints, stop }
}
