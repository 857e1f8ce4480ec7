import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { nativeCrypto } from '#crypto/native/index'
import { type NewMessage } from '#stores'
import { openSqliteMailboxes } from '#stores/mailboxes/sqlite/index'

/** A message as a filling describes it; what is left out is the same for all. */
export type FilledMessage = Pick<NewMessage, 'account' | 'hash' | 'data' | 'expiry'>

/** Messages that share a commit. */
const GROUP = 2_000

/** Stores messages in the mailboxes of a data directory that no server uses, as if at `now` and with all events published. */
export async function fillMailboxes(
  dataDirectory: string,
  messages: Iterable<FilledMessage>,
  now: number,
): Promise<void> {
  const directory = join(dataDirectory, 'core')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const mailboxes = await openSqliteMailboxes({
    path: join(directory, 'mailboxes.sqlite'),
    quota: { messages: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER },
    randomBytes: (length) => nativeCrypto.randomBytes(length),
  })
  try {
    let group: FilledMessage[] = []
    const store = async (): Promise<void> => {
      const outcomes = await Promise.all(group.map((message) => mailboxes.store(toNewMessage(message, now), now)))
      await mailboxes.removeFromOutbox(
        outcomes.map((outcome) => {
          if (outcome.outcome !== 'stored') throw new Error(`a message was ${outcome.outcome}`)
          return outcome.outboxId
        }),
      )
      group = []
    }
    for (const message of messages) {
      group.push(message)
      if (group.length === GROUP) await store()
    }
    await store()
  } finally {
    await mailboxes.close()
  }
}

/** A hash that no other message has. */
export function randomHash(): string {
  return Buffer.from(nativeCrypto.randomBytes(33)).toString('base64').slice(0, 43)
}

function toNewMessage(message: FilledMessage, now: number): NewMessage {
  return {
    ...message,
    namespace: 0,
    timestamp: now,
    replacesNamespace: false,
    isProtected: false,
    event: { partition: 0, payload: new Uint8Array(1) },
  }
}
