import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { buildDelete, buildExpire, messageHash, toBase64, userSigner } from '#protocol'
import { MailboxReplyError, SwarmUnconfirmedError } from '../errors.ts'
import { mailboxNetwork } from '../../node/fakes/mailbox-network.suite.ts'
import { readNameRecord } from '../resolve-name.ts'
import { readExpiryChanges, readHashes, readStored } from './changes.ts'
import { readPage } from './page.ts'
import { readParts } from './parts.ts'
import { readExpiries, readInfo, readRevokedTokens } from './plain.ts'
import { readSwarmResult } from './swarm-result.ts'
import { readSwarm } from './swarm.ts'
import { timeIn } from './times.ts'

const signer = userSigner(nativeCrypto, new Uint8Array(32).fill(5))
const { account } = signer
const HASH = messageHash(nativeCrypto, account, 0, utf8('x'))
const NAMES = [
  ...[
    'messages',
    'more',
    'hash',
    'timestamp',
    'expiration',
    'data',
    'snodes',
    'swarm',
    'pubkey_ed25519',
    'results',
    'code',
  ],
  ...['body', 't', 'hf', 'version', 'expiries', 'revoked_subaccounts', 'deleted', 'updated', 'unchanged', 'expiry'],
  ...['signature', 'failed', 'result', 'encrypted_value', 'nonce', HASH, 'ab'.repeat(32)],
]

/** JSON whose members have the names that readers look for, so that random values reach their depths. */
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1_750_000_000_000,
      1e300,
      '',
      'x',
      HASH,
      'AAAA',
      'ab'.repeat(32),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
  ),
}))

const readers: Readonly<Record<string, (body: unknown) => unknown>> = {
  readPage: (body) => readPage(nativeCrypto, account, 0, body),
  readSwarm,
  readInfo,
  readExpiries: (body) => readExpiries([HASH], body),
  readRevokedTokens,
  readNameRecord,
  readParts: (body) => readParts(body, 1),
  readDelete: (body) =>
    readSwarmResult(nativeCrypto, { request: buildDelete(signer, [HASH]), isNode: () => true }, body, (entry) =>
      readHashes(entry, 'deleted'),
    ),
  readExpire: (body) =>
    readSwarmResult(nativeCrypto, { request: buildExpire(signer, [HASH], [1]), isNode: () => true }, body, (entry) =>
      readExpiryChanges([HASH], entry),
    ),
}

describe.each(Object.entries(readers))('%s', (_name, read) => {
  it('takes whatever a node may send and throws nothing but errors of its own', () => {
    fc.assert(
      fc.property(json, (body) => {
        try {
          read(body)
        } catch (error) {
          if (!(error instanceof MailboxReplyError) && !(error instanceof SwarmUnconfirmedError)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('readers of entries', () => {
  it('take whatever a node may say of itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), json), (entry) => {
        const changes = readExpiryChanges([HASH], entry)
        for (const hash of [...(changes?.updated.keys() ?? []), ...(changes?.unchanged.keys() ?? [])]) {
          expect(hash).toBe(HASH)
        }
        expect(readHashes(entry, 'deleted')?.every((hash) => typeof hash === 'string')).not.toBe(false)
        expect(Number.isSafeInteger(readStored(HASH, entry)?.expiry ?? 0)).toBe(true)
        expect(typeof (timeIn(entry) ?? 0)).toBe('number')
      }),
    )
  })
})

describe('readPage', () => {
  const message = { hash: HASH, timestamp: 1_750_000_000_000, expiration: 1_750_000_100_000, data: toBase64(utf8('x')) }

  it('accepts a message only as it was sent, whatever is changed', () => {
    expect(readPage(nativeCrypto, account, 0, { messages: [message], more: false }).messages).toHaveLength(1)
    fc.assert(
      fc.property(fc.constantFrom('hash', 'timestamp', 'expiration', 'data'), json, (name, value) => {
        const page = readPage(nativeCrypto, account, 0, { messages: [{ ...message, [name]: value }], more: false })
        for (const { hash, data, timestamp, expiry } of page.messages) {
          expect([hash, toBase64(data)]).toEqual([HASH, message.data])
          expect([timestamp, expiry].every((time) => Number.isSafeInteger(time) && time > 0)).toBe(true)
        }
        expect(page.messages.length + page.rejected).toBe(1)
      }),
    )
  })

  it('knows that the hash belongs to another namespace or account', () => {
    expect(readPage(nativeCrypto, account, 2, { messages: [message], more: false })).toMatchObject({ rejected: 1 })
    const other = userSigner(nativeCrypto, new Uint8Array(32).fill(6)).account
    expect(readPage(nativeCrypto, other, 0, { messages: [message], more: false })).toMatchObject({ rejected: 1 })
  })
})

describe('a whole answer', () => {
  it('with a mutated part is never taken for what it is not', async () => {
    const net = mailboxNetwork()
    const { mailboxes } = net.client
    await mailboxes.store(net.signer, { namespace: 0, data: utf8('x'), ttl: 1_000_000 })
    const hash = messageHash(nativeCrypto, net.signer.account, 0, utf8('x'))
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        net.alter = (body, { method }) => (method === 'retrieve' ? { ...(body as object), messages: value } : body)
        const read = mailboxes.retrieve(net.signer, { namespace: 0, lastHash: '' })
        const page = await read.catch((error: unknown) => {
          expect(error).toHaveProperty('code', expect.stringMatching(/^CLIENT_/))
          return undefined
        })
        for (const message of page?.messages ?? []) expect(message.hash).toBe(hash)
      }),
      { numRuns: 30 },
    )
  })
})
