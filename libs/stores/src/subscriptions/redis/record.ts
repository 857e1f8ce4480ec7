import { asBuffer } from '../../redis/as-buffer.ts'
import { StoreCorruptError } from '../../errors.ts'
import type { PackedSubscription } from '../packed-subscription.ts'
import { DIGEST_LENGTH } from '../subscriptions.ts'

/** The first byte of a record. */
export const FORMAT = 1

/** Where the numbers of an entry begin; they follow the device. All are unsigned, most significant byte first. */
const SIGNED_AT = DIGEST_LENGTH
const REGISTERED_AT = SIGNED_AT + 8
const WANTS_DATA = REGISTERED_AT + 8
const SERVICE_LENGTH = WANTS_DATA + 1
const NAMESPACES_LENGTH = SERVICE_LENGTH + 1
const SEALED_LENGTH = NAMESPACES_LENGTH + 2
/** Bytes of an entry before service, namespaces and sealed. */
export const ENTRY_HEADER = SEALED_LENGTH + 2

/** The entry of a subscription in the record of its account. */
export function encodeEntry(subscription: PackedSubscription): Buffer {
  const { device, service, namespaces, wantsData, signedAt, registeredAt, sealed } = subscription
  const name = Buffer.from(service)
  const header = Buffer.alloc(ENTRY_HEADER)
  header.set(device)
  header.writeDoubleBE(signedAt, SIGNED_AT)
  header.writeDoubleBE(registeredAt, REGISTERED_AT)
  header.writeUInt8(wantsData ? 1 : 0, WANTS_DATA)
  header.writeUInt8(name.length, SERVICE_LENGTH)
  header.writeUInt16BE(namespaces.length, NAMESPACES_LENGTH)
  header.writeUInt16BE(sealed.length, SEALED_LENGTH)
  return Buffer.concat([header, name, namespaces, sealed])
}

/** The subscriptions in a record; they share its memory. Throws `StoreCorruptError` when it is none. */
export function decodeRecord(record: Uint8Array): Omit<PackedSubscription, 'account'>[] {
  const bytes = asBuffer(record)
  if (bytes[0] !== FORMAT || bytes.length === 1) throw new StoreCorruptError('a record in Redis has another shape')
  const subscriptions: Omit<PackedSubscription, 'account'>[] = []
  for (let start = 1; start < bytes.length;) {
    const header = bytes.subarray(start, start + ENTRY_HEADER)
    if (header.length < ENTRY_HEADER) throw new StoreCorruptError('a record in Redis is cut off')
    const service = start + ENTRY_HEADER
    const namespaces = service + header.readUInt8(SERVICE_LENGTH)
    const sealed = namespaces + header.readUInt16BE(NAMESPACES_LENGTH)
    const end = sealed + header.readUInt16BE(SEALED_LENGTH)
    if (end > bytes.length) throw new StoreCorruptError('a record in Redis is cut off')
    subscriptions.push({
      device: header.subarray(0, DIGEST_LENGTH),
      service: bytes.toString('utf8', service, namespaces),
      namespaces: bytes.subarray(namespaces, sealed),
      wantsData: header.readUInt8(WANTS_DATA) === 1,
      signedAt: header.readDoubleBE(SIGNED_AT),
      registeredAt: header.readDoubleBE(REGISTERED_AT),
      sealed: bytes.subarray(sealed, end),
    })
    start = end
  }
  return subscriptions
}
