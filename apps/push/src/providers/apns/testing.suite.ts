import type { OutgoingNotification } from '../provider.ts'
import type { ApnsFake } from '../../../../../test/support/fakes/apns/index.ts'
import { type ApnsProvider, createApnsProvider } from './apns-provider.ts'
import type { ApnsProviderOptions } from './apns-options.ts'

/** A notification for a token made of `number`. */
export function notification(number = 1): OutgoingNotification {
  return {
    token: number.toString(16).padStart(64, '0'),
    serviceData: new Uint8Array(),
    payload: Buffer.alloc(296, number).toString('base64'),
    isUrgent: true,
    expiresAt: Date.now() + 3600_000,
  }
}

/** A provider that trusts the fake and that the fake knows. */
export function providerFor(fake: ApnsFake, options: Partial<ApnsProviderOptions> = {}): ApnsProvider {
  return createApnsProvider({ ...fake.access, now: Date.now, ...options })
}

/** Resolves once the condition holds, looking again after every turn of the event loop that brought something. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** How many timers and sockets this process holds. */
export function heldResources(): number {
  return process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|TLSWrap/.test(name)).length
}
