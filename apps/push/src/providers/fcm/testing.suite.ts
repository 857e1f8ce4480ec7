import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OutgoingNotification, Provider } from '../provider.ts'
import { type FcmFake, type FcmFakeOptions, startFcmFake } from '../../../../../test/support/fakes/fcm/index.ts'
import { createFcmProvider, type FcmOptions } from './create-fcm-provider.ts'

/** The sections of test/vectors/push.json that speak of FCM. */
export interface FcmVectors {
  readonly providers: readonly {
    readonly name: string
    readonly url: string
    readonly json: { readonly message: FcmMessage }
  }[]
  readonly fcm_priority: readonly {
    readonly namespace: number
    readonly body_included: boolean
    readonly priority: string
  }[]
  readonly provider_replies: readonly ReplyVector[]
}

export interface FcmMessage {
  readonly token: string
  readonly data: { readonly enc_payload: string; readonly spns: string }
  readonly android: { readonly priority: string }
}

export interface ReplyVector {
  readonly provider: string
  readonly status: number
  readonly reason: string | null
  readonly action: 'ok' | 'drop' | 'retry'
  readonly min_delay_s?: number
}

export const vectors = JSON.parse(
  readFileSync(new URL('../../../../../test/vectors/push.json', import.meta.url), 'utf8'),
) as FcmVectors

export function notification(changes: Partial<OutgoingNotification> = {}): OutgoingNotification {
  return {
    token: 'device-1:APA91b',
    serviceData: new Uint8Array(),
    payload: 'cGF5bG9hZA==',
    isUrgent: true,
    expiresAt: 0,
    ...changes,
  }
}

export interface Harness {
  readonly fake: FcmFake
  readonly provider: Provider
  /** The provider's clock, in milliseconds. */
  readonly clock: { now: number }
  close(): Promise<void>
}

/** A provider that knows the fake by its service account's file. */
export async function startHarness(
  options: { readonly fake?: FcmFakeOptions; readonly provider?: Partial<FcmOptions> } = {},
): Promise<Harness> {
  const fake = await startFcmFake(options.fake)
  const directory = await mkdtemp(join(tmpdir(), 'sotto-fcm-'))
  const serviceAccountFile = join(directory, 'account.json')
  await writeFile(serviceAccountFile, JSON.stringify(fake.account))
  const clock = { now: Date.UTC(2026, 10, 25) }
  const provider = await createFcmProvider({
    serviceAccountFile,
    endpoint: fake.endpoint,
    now: () => clock.now,
    ...(fake.ca === '' ? {} : { ca: fake.ca }),
    ...options.provider,
  })
  return {
    fake,
    provider,
    clock,
    close: async () => {
      await provider.close()
      await fake.stop()
      await rm(directory, { recursive: true })
    },
  }
}
