import { pushPayloadText } from '#protocol'
import type { OutgoingNotification } from '../providers/provider.ts'
import type { DeviceSealer } from '../secrets/sealed-device.ts'
import { decodeContent } from './notification-content.ts'

/** Reads a queued notification as its provider gets it. Throws `StoreCorruptError` or `UnreadableDeviceError`. */
export function outgoingNotification(sealer: DeviceSealer, content: Uint8Array): OutgoingNotification {
  const { device, isUrgent, expiresAt, payload } = decodeContent(content)
  const { token, serviceData } = sealer.open(device)
  return { token, serviceData, payload: pushPayloadText(payload), isUrgent, expiresAt }
}
