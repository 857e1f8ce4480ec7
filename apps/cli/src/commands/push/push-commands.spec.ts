import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { pushPayload } from '#client/node/fakes/push-payload.suite'
import { fromHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { userSigner } from '#protocol'
import { run } from '../../run.ts'
import { type FakeContext, fakeContext, inTemporaryDirectory } from '../../testing.suite.ts'

const SEED = 'ab'.repeat(32)
const TOKEN = 'a-token-of-no-phone-that-there-is-anywhere'
const { account } = userSigner(nativeCrypto, fromHex(SEED) ?? new Uint8Array())
const DEVICE = ['--seed', SEED, '--service', 'firebase', '--token', TOKEN]
const WEB_PUSH = ['--endpoint', 'https://push.example.org/a', '--p256dh', 'BP8', '--auth', 'AA']

const asked = (context: FakeContext): Readonly<Record<string, unknown>> | undefined =>
  context.relay.bodies[0]?.[0]?.request

describe('push subscribe', () => {
  it('subscribes a device, and prints the key that opens its notifications', async () => {
    const context = fakeContext()
    expect(await run(['push', 'subscribe', ...DEVICE], context)).toBe(0)
    expect(context.out[0]).toBe(`Subscribed: ${account.hex.slice(0, 8)}… at firebase, for 14 days from now.`)
    expect(context.out[1]).toBe(`Key  ${String(asked(context)?.['enc_key'])}`)
    expect(asked(context)).toMatchObject({ pubkey: account.hex, namespaces: [0], data: true, service: 'firebase' })
    expect(await run(['push', 'subscribe', ...DEVICE, '--json'], context)).toBe(0)
    expect(JSON.parse(context.out[2] ?? '')).toMatchObject({ account: account.hex, namespaces: [0], result: 'updated' })
    expect(context.open).toBe(0)
  })

  it('keeps the key in a file of which only the user can read, and uses it again', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const file = join(directory, 'key')
      expect(await run(['push', 'subscribe', ...DEVICE, '--enc-key-file', file], context)).toBe(0)
      expect(context.out).toHaveLength(1)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      const kept = (await readFile(file, 'utf8')).trim()
      expect(await run(['push', 'subscribe', ...DEVICE, '--enc-key-file', file], context)).toBe(0)
      const keys = context.relay.bodies.map(([one]) => one?.request['enc_key'])
      expect(keys).toEqual([kept, kept])
      expect(context.out[1]).toMatch(/^Renewed/)
    }))

  it('reads the account from a file, with a short seed too', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const file = join(directory, 'seed')
      await writeFile(file, `${SEED.slice(0, 32)}\n`)
      const args = ['push', 'subscribe', '--seed-file', file, '--service', 'log', '--token', TOKEN]
      expect(await run([...args, '--namespaces', '5,-10, 0', '--no-data'], context)).toBe(0)
      const padded = userSigner(nativeCrypto, fromHex(SEED.slice(0, 32).padEnd(64, '0')) ?? new Uint8Array())
      expect(asked(context)).toMatchObject({ pubkey: padded.account.hex, namespaces: [-10, 0, 5], data: false })
    }))

  it('subscribes a Web Push endpoint', async () => {
    const context = fakeContext()
    expect(await run(['push', 'subscribe', '--seed', SEED, '--service', 'webpush', ...WEB_PUSH], context)).toBe(0)
    expect(asked(context)).toMatchObject({
      service: 'webpush',
      service_info: { endpoint: 'https://push.example.org/a', keys: { p256dh: 'BP8', auth: 'AA' } },
    })
  })

  it.each([
    ['no seed', ['--service', 'firebase', '--token', TOKEN], /seed of an account/],
    ['a seed that is none', ['--seed', 'abc', '--service', 'firebase', '--token', TOKEN], /seed of an account/],
    ['no token', ['--seed', SEED, '--service', 'apns'], /name the device/],
    ['half of a Web Push device', ['--seed', SEED, '--service', 'webpush', ...WEB_PUSH.slice(0, 4)], /name the device/],
    ['an unknown service', ['--seed', SEED, '--service', 'pigeon', '--token', TOKEN], /choices/],
    ['namespaces that are none', [...DEVICE, '--namespaces', '0,,2'], /--namespaces needs/],
    ['a namespace that does not exist', [...DEVICE, '--namespaces', '99999'], /--namespaces needs/],
    ['a key that is none', [...DEVICE, '--enc-key', 'abcd'], /key of payloads/],
  ])('refuses %s without asking anybody', async (_what, args, sentence) => {
    const context = fakeContext()
    expect(await run(['push', 'subscribe', ...args], context)).toBe(2)
    expect(context.err.join('\n')).toMatch(sentence)
    expect(context.relay.bodies).toEqual([])
  })

  it('fails when the relay refuses under HTTP 200', async () => {
    for (const [error, sentence] of [
      [4, 'the push relay refuses the request; check the account, the token of the device and the clock'],
      [2, 'the push relay does not serve this push service at the moment; choose another, or try again later'],
      [5, 'the push relay has trouble of its own; try again later'],
    ] as const) {
      const context = fakeContext()
      context.relay.disturb = () => ({ error, message: 'no' })
      expect(await run(['push', 'subscribe', ...DEVICE], context)).toBe(1)
      expect(context.err).toEqual([`sotto: ${sentence} (code ${error}).`])
    }
  })
})

describe('push unsubscribe', () => {
  it('says whether there was something to take off', async () => {
    const context = fakeContext()
    await run(['push', 'subscribe', ...DEVICE], context)
    expect(await run(['push', 'unsubscribe', ...DEVICE], context)).toBe(0)
    expect(await run(['push', 'unsubscribe', ...DEVICE], context)).toBe(0)
    expect(context.out.slice(2)).toEqual(['The device is told no more.', 'The device was not subscribed.'])
    expect(await run(['push', 'unsubscribe', ...DEVICE, '--json'], context)).toBe(0)
    expect(JSON.parse(context.out.at(-1) ?? '')).toEqual({ account: account.hex, removed: false })
  })
})

describe('push decrypt', () => {
  const key = new Uint8Array(32).fill(4)
  const KEY = ['--enc-key', '04'.repeat(32)]
  const payload = pushPayload({ account, key, body: utf8('hello') })

  it('says in words what a notification says', async () => {
    const context = fakeContext()
    expect(await run(['push', 'decrypt', payload, ...KEY], context)).toBe(0)
    expect(context.out).toEqual([
      `Account    ${account.hex}`,
      'Namespace  0',
      expect.stringMatching(/^Hash {7}\S{43}$/),
      'Sent       2025-06-15 15:06 UTC',
      'Expires    2025-06-29 15:06 UTC',
      'Message    5 bytes: hello',
    ])
  })

  it('reads standard input, and prints JSON', async () => {
    const context = fakeContext({ input: `${payload}\n` })
    expect(await run(['push', 'decrypt', ...KEY, '--json'], context)).toBe(0)
    expect(JSON.parse(context.out[0] ?? '')).toMatchObject({
      account: account.hex,
      namespace: 0,
      timestamp: 1_750_000_000_000,
      body: 'aGVsbG8=',
      tooBig: false,
      isComplete: true,
    })
  })

  it.each([
    ['is too long', { body: new Uint8Array(2_501) }, /^Message {4}2,501 bytes, too long .* it lies in the mailbox$/],
    ['is not wanted', { body: utf8('a'), wantsData: false }, /^Message {4}left out, as the device wishes/],
    ['is of another hash', { body: utf8('a'), hash: 'A'.repeat(43) }, /^Message {4}does not belong to the hash/],
    ['is for the app', { body: Uint8Array.of(0, 1) }, /^Message {4}2 bytes, not readable without the app$/],
  ])('says so when the message %s', async (_what, message, line) => {
    const context = fakeContext()
    expect(await run(['push', 'decrypt', pushPayload({ account, key, ...message }), ...KEY], context)).toBe(0)
    expect(context.out.at(-1)).toMatch(line)
  })

  it.each([
    ['a key that does not fit', [payload, '--enc-key', '05'.repeat(32)], 5, /cannot be opened/],
    ['what is no payload', ['nonsense', ...KEY], 5, /cannot be opened/],
    ['no key', [payload], 2, /key of payloads/],
  ])('ends with an exit code of its own for %s', async (_what, args, code, sentence) => {
    const context = fakeContext()
    expect(await run(['push', 'decrypt', ...args], context)).toBe(code)
    expect(context.err[0]).toMatch(sentence)
  })
})
