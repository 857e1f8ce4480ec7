import { join } from 'node:path'
import type * as NotifyDevices from '../../../apps/push/src/notices/notify-devices.ts'
import type * as ApnsRequests from '../../../apps/push/src/providers/apns/apns-request.ts'
import type * as FcmLogin from '../../../apps/push/src/providers/fcm/google-login.ts'
import type * as FcmMessages from '../../../apps/push/src/providers/fcm/message.ts'
import type * as FcmAccounts from '../../../apps/push/src/providers/fcm/service-account.ts'
import type * as OpenProviders from '../../../apps/push/src/providers/open-providers.ts'
import type * as WebPushEncryption from '../../../apps/push/src/providers/web-push/encrypt.ts'
import type * as VapidHeaders from '../../../apps/push/src/providers/web-push/vapid-headers.ts'
import type * as VapidKeys from '../../../apps/push/src/providers/web-push/vapid-keys.ts'
import type * as Secrets from '../../../apps/push/src/secrets/push-secrets.ts'
import type * as Sealing from '../../../apps/push/src/secrets/sealed-device.ts'
import type * as OpenStores from '../../../apps/push/src/stores/open-stores.ts'

/** Parts of the relay that its door does not show, by the file they are in. */
interface BuiltParts {
  'notices/notify-devices': typeof NotifyDevices
  'providers/apns/apns-request': typeof ApnsRequests
  'providers/fcm/google-login': typeof FcmLogin
  'providers/fcm/message': typeof FcmMessages
  'providers/fcm/service-account': typeof FcmAccounts
  'providers/open-providers': typeof OpenProviders
  'providers/web-push/encrypt': typeof WebPushEncryption
  'providers/web-push/vapid-headers': typeof VapidHeaders
  'providers/web-push/vapid-keys': typeof VapidKeys
  'secrets/push-secrets': typeof Secrets
  'secrets/sealed-device': typeof Sealing
  'stores/open-stores': typeof OpenStores
}

/** A part of the built relay: what is measured is what is shipped. */
export async function builtPush<Part extends keyof BuiltParts>(part: Part): Promise<BuiltParts[Part]> {
  return (await import(join(import.meta.dirname, '../../../dist/apps/push/src', `${part}.js`))) as BuiltParts[Part]
}
