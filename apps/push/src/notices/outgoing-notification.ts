import { pushPayloadText } from '#protocol'
import type { OpenedContent } from '../delivery/index.ts'
import type { DeviceSealer } from '../secrets/sealed-device.ts'
import { decodeContent } from './notification-content.ts'

/** Reads a queued notification as its provider gets it, all but its time. Throws `StoreCorruptError` or `UnreadableDeviceError`. */
export function outgoingNotification(sealer: DeviceSealer, content: Uint8Array): OpenedContent {
  const { device, isUrgent, payload } = decodeContent(content)
  const { token, serviceData } = sealer.open(device)
  return { token, serviceData, payload: pushPayloadText(payload), isUrgent }
}
