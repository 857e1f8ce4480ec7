import { StoreCorruptError } from '../../errors.ts'
import type { HashesByNamespace, MessageList, StoredMessage } from '../mailboxes.ts'
import { timesOf } from './message-meta.ts'

/** The answer of `retrieve`: whether there is more, then hash, meta and data of each message. */
export function toMessageList([more, ...values]: readonly [number, ...(Buffer | null)[]]): MessageList {
  const messages: StoredMessage[] = []
  for (let index = 0; index < values.length; index += 3) {
    const [hash, meta, data] = values.slice(index, index + 3)
    if (!hash || !meta || !data) throw new StoreCorruptError('a message in Redis lacks its data')
    messages.push({ hash: hash.toString(), ...timesOf(meta.toString()), data })
  }
  return { messages, more: more === 1 }
}

/** The answer of scripts over a range: namespace and hash of each message. */
export function toHashesByNamespace(values: readonly string[]): HashesByNamespace {
  const hashes = new Map<number, string[]>()
  for (let index = 0; index + 1 < values.length; index += 2) {
    const namespace = Number(values[index])
    const known = hashes.get(namespace) ?? []
    known.push(values[index + 1] ?? '')
    hashes.set(namespace, known)
  }
  return hashes
}
