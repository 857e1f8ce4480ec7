import { messageStored } from '#bus'
import type { StoreRequest } from '#protocol'
import type { OutboxEvent } from '#stores'

/** Longest data that is sent on with a push notification, in bytes (push §6); longer data need not travel. */
export const MAX_EVENT_DATA_LENGTH = 2_500

/** What the outbox keeps of a new message. The partition is a function of the account alone. */
export function describeMessage(
  { account, namespace, timestamp, expiry, data }: StoreRequest,
  hash: string,
): OutboxEvent {
  const payload = messageStored.codec.encode({
    account: account.bytes,
    namespace,
    hash,
    timestamp,
    expiry,
    size: data.length,
    ...(data.length <= MAX_EVENT_DATA_LENGTH && { data }),
  })
  return { partition: partitionOf(account.key), payload }
}

/** The last two bytes of a key are as good as a hash of it. */
function partitionOf(key: Uint8Array): number {
  return (((key[30] ?? 0) << 8) | (key[31] ?? 0)) % messageStored.partitions
}
