import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { toHex } from '#crypto'
import { createServiceApp, sealedMemory, type ServiceKeys, stallDeadline } from '#endpoints'
import { ByteBudget, DeadlineWheel } from '#runtime'
import type { PushConfig } from './config/push-config.ts'
import type { PushDependencies } from './create-push.ts'
import { applicationServerKey } from './endpoints/application-server-key.ts'
import { pushErrorReply } from './endpoints/error-reply.ts'
import { subscribe } from './endpoints/subscribe.ts'
import { unsubscribe } from './endpoints/unsubscribe.ts'
import type { PushEvents } from './events.ts'
import type { NotifyDevices } from './notices/notify-devices.ts'
import { PushModule } from './push.module.ts'
import type { Registration } from './registration/registration.ts'

/** A request that is not complete by then is cut off, however steadily it drips. */
const REQUEST_TIMEOUT_MS = 60_000
/** How long a client may stay silent within a request. */
const STALL_DEADLINE_MS = 15_000
const WHEEL_RESOLUTION_MS = 1_000
/** Sealed requests in memory at once, in bytes; the longest of them is 100 kB. */
const SEALED_MEMORY_BYTES = 67_108_864
/** How long a sealed request waits for memory before it is told to come back. */
const MEMORY_WAIT_MS = 10_000
/** What the doors and the ear of the relay lead to. */
export interface AppParts {
  readonly keys: ServiceKeys
  readonly applicationServerKey: string | undefined
  readonly registration: Registration
  readonly notify: NotifyDevices
  readonly events: PushEvents
}

/** The relay as Nest runs it: its endpoints on a port yet to be opened, and its handlers on the bus, which hear from now on. */
export async function createApp(
  config: PushConfig,
  { crypto, metrics, busServer }: PushDependencies,
  { keys, applicationServerKey: webPushKey, registration, notify, events }: AppParts,
): Promise<NestFastifyApplication> {
  const [newest] = keys.x25519
  if (newest === undefined) throw new RangeError('the service needs a key')
  const budget = new ByteBudget(SEALED_MEMORY_BYTES)
  metrics.observed('push_sealed_bytes', 'Bytes of sealed requests to the push relay in memory.', () => budget.used)
  const module = PushModule.register(
    {
      endpoints: [
        subscribe(registration),
        unsubscribe(registration),
        ...(webPushKey === undefined ? [] : [applicationServerKey(webPushKey)]),
      ],
      crypto,
      keys: keys.x25519,
      memory: sealedMemory(budget, MEMORY_WAIT_MS),
      deadline: stallDeadline(new DeadlineWheel(WHEEL_RESOLUTION_MS), STALL_DEADLINE_MS),
      observer: events,
      errorReply: pushErrorReply,
    },
    {
      service: 'push',
      url: config.publicUrl,
      pubkeyEd25519: toHex(keys.ed25519),
      pubkeyX25519: toHex(newest.publicKey),
    },
    notify,
  )
  return createServiceApp(module, { requestTimeoutMs: REQUEST_TIMEOUT_MS, busServer })
}
