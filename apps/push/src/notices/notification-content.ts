import { StoreCorruptError } from '#stores'

/** What the queue keeps of a notification: where it goes, still sealed, and what is to be handed over. */
export interface NotificationContent {
  /** The device as its subscription had it, sealed; at most 4,096 bytes. */
  readonly device: Uint8Array
  /** Whether the user is to be woken at once. */
  readonly isUrgent: boolean
  /** Nonce ‖ ciphertext ‖ tag of the payload (push §6), before base64. */
  readonly payload: Uint8Array
}

const VERSION = 1
const HEAD_LENGTH = 4

/** Version (1) ‖ 1 when urgent, else 0 ‖ length of the device (2, big-endian) ‖ device ‖ payload. */
export function encodeContent({ device, isUrgent, payload }: NotificationContent): Uint8Array {
  const content = new Uint8Array(HEAD_LENGTH + device.length + payload.length)
  content[0] = VERSION
  content[1] = isUrgent ? 1 : 0
  content[2] = device.length >> 8
  content[3] = device.length
  content.set(device, HEAD_LENGTH)
  content.set(payload, HEAD_LENGTH + device.length)
  return content
}

/** Throws `StoreCorruptError` for what `encodeContent` has not made. */
export function decodeContent(content: Uint8Array): NotificationContent {
  const [version, urgency, high = 0, low = 0] = content
  const end = HEAD_LENGTH + high * 256 + low
  if (version !== VERSION || content.length < end) {
    throw new StoreCorruptError('a queued notification is damaged or was made by a newer version')
  }
  return {
    device: content.subarray(HEAD_LENGTH, end),
    isUrgent: urgency === 1,
    payload: content.subarray(end),
  }
}
