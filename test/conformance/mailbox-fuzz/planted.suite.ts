import { utf8 } from '#crypto'
import {
  buildRetrieve,
  buildRevokedSubaccounts,
  buildStore,
  encodeMailboxRequest,
  type MailboxRequest,
  type RequestSigner,
} from '#protocol'
import { NOW } from '../../../apps/gateway/src/testing.suite.ts'
import { reader, victim, victimGroup } from './people.suite.ts'
import type { WayAnswer } from './ways.suite.ts'

const TTL_MS = 10 * 86_400_000
/** A multiple of three characters, so that it is visible within base64. */
const SECRET = 'planted secret '

type Ask = (text: Uint8Array) => Promise<WayAnswer>

interface Box {
  readonly owner: RequestSigner
  readonly namespace: number
  /** Whether whoever asks may read it. */
  readonly isPublic: boolean
}

const BOXES: readonly Box[] = [
  ...[0, 2, 3, 4, 5].map((namespace) => ({ owner: victim, namespace, isPublic: false })),
  ...[11, 12, 13, 14, -11].map((namespace) => ({ owner: victimGroup, namespace, isPublic: false })),
  ...[-10, -1].map((namespace) => ({ owner: victimGroup, namespace, isPublic: true })),
]

interface Message {
  readonly hash: string
}

/** What the victims' mailboxes hold from the start. */
export interface Planted {
  /** Texts of which none may be in an answer to somebody else. */
  readonly secrets: readonly string[]
  /** What the victims themselves see of it now. */
  look(): Promise<unknown>
}

/** Stores the victims' messages, and the one that the reader finds. */
export async function plant(ask: Ask): Promise<Planted> {
  const hashes = new Map<Box, Set<string>>()
  const secrets = [SECRET, Buffer.from(SECRET).toString('base64')]
  for (const box of BOXES) {
    const own = new Set<string>()
    hashes.set(box, own)
    const count = box.namespace === -1 ? 1 : 3
    for (let n = 0; n < count; n++) {
      const data = utf8(`${box.isPublic ? 'public words ' : SECRET}${n} for ${box.namespace}`)
      const { hash } = await asked<Message>(
        ask,
        buildStore(box.owner, { namespace: box.namespace, timestamp: NOW, ttl: TTL_MS, data }),
      )
      own.add(hash)
      if (!box.isPublic) secrets.push(hash)
    }
  }
  await asked(ask, buildStore(reader, { namespace: 0, timestamp: NOW, ttl: TTL_MS, data: utf8('something to read') }))
  const look = async (): Promise<unknown> => {
    const seen: unknown[] = []
    for (const [{ owner, namespace }, own] of hashes) {
      const retrieve = buildRetrieve(owner, { namespace, maxSize: -1 }, NOW)
      const { messages } = await asked<{ messages: readonly Message[] }>(ask, retrieve)
      // Others may have stored into the public inboxes.
      seen.push({ namespace, messages: messages.filter(({ hash }) => own.has(hash)) })
    }
    const { revoked_subaccounts } = await asked<{ revoked_subaccounts: unknown }>(
      ask,
      buildRevokedSubaccounts(victimGroup, NOW),
    )
    return { seen, revoked_subaccounts }
  }
  return { secrets, look }
}

async function asked<Body>(ask: Ask, request: MailboxRequest): Promise<Body> {
  const { statuses, text } = await ask(encodeMailboxRequest(request))
  if (statuses.some((status) => status !== 200)) {
    throw new Error(`a valid request was answered with ${statuses.join()}: ${text}`)
  }
  return JSON.parse(text) as Body
}
