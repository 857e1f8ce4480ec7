import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ApnsFake,
  type ApnsFakeOptions,
  startApnsFake,
  startApnsFakeProcess,
  startMuteServer,
} from '../../../../../test/support/fakes/apns/index.ts'
import { ProviderTimeoutError, ProviderUnreachableError } from '../errors.ts'
import type { SendOutcome } from '../provider.ts'
import { type ApnsProvider, createApnsProvider } from './apns-provider.ts'
import { heldResources, notification, providerFor, until } from './testing.suite.ts'

const DEADLINE_MS = 200

/** `count` notifications for tokens 0, 1, 2, … at once. */
function sendMany(provider: ApnsProvider, count: number): Promise<SendOutcome[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => provider.send(notification(number))))
}

function kinds(outcomes: readonly SendOutcome[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...Map.groupBy(outcomes, ({ kind }) => kind)].map(([kind, those]) => [kind, those.length] as const),
  )
}

function errorOf(outcome: SendOutcome): unknown {
  return outcome.kind === 'retry' && outcome.blame === 'provider' ? outcome.error : undefined
}

describe('createApnsProvider when APNs misbehaves', () => {
  let fake: ApnsFake
  let provider: ApnsProvider
  let held: number
  beforeEach(async () => {
    held = heldResources()
    fake = await startApnsFake()
    provider = providerFor(fake)
  })
  afterEach(async () => {
    await provider.close()
    expect(provider.sessions).toBe(0)
    expect(provider.waiting).toBe(0)
    await fake.close()
    await until(() => heldResources() <= held)
  })
  const restartFake = async (options: ApnsFakeOptions): Promise<void> => {
    await fake.close()
    fake = await startApnsFake(options)
    provider = providerFor(fake)
  }
  const sentTwice = (): number =>
    fake.requests.length - new Set(fake.requests.map(({ headers }) => headers[':path'])).size

  it('opens no connection before the first notification, and one for many', async () => {
    expect(fake.sessionsOpened).toBe(0)
    expect(kinds(await sendMany(provider, 300))).toEqual({ 'handed-over': 300 })
    expect(fake.sessionsOpened).toBe(1)
    expect(sentTwice()).toBe(0)
  })

  it('opens a second one when the first is full, and no third', async () => {
    await restartFake({ streams: 5 })
    fake.delayMs = 5
    expect(kinds(await sendMany(provider, 200))).toEqual({ 'handed-over': 200 })
    expect(fake.sessionsOpened).toBe(2)
    expect(fake.mostStreams).toBe(5)
    expect(sentTwice()).toBe(0)
  })

  it('follows the number of streams that APNs allows', async () => {
    await restartFake({ streams: 1 })
    provider = providerFor(fake, { sessions: 1 })
    expect(kinds(await sendMany(provider, 10))).toEqual({ 'handed-over': 10 })
    expect(fake.mostStreams).toBe(1)
    await fake.allowStreams(0)
    const stopped = sendMany(provider, 3)
    await until(() => provider.waiting === 3)
    await fake.allowStreams(3)
    expect(kinds(await stopped)).toEqual({ 'handed-over': 3 })
  })

  it('drains a connection after GOAWAY and sends again only what was not looked at', async () => {
    fake.delayMs = 50
    const sending = sendMany(provider, 100)
    await until(() => fake.looked === 100)
    fake.goAway()
    expect(kinds(await sending)).toEqual({ 'handed-over': 100 })
    expect(sentTwice()).toBe(0)
    expect(await provider.send(notification(100))).toEqual({ kind: 'handed-over' })
    expect(fake.sessionsOpened).toBe(2)
    await until(() => provider.sessions === 1)
  })

  it.each([constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_ENHANCE_YOUR_CALM])(
    'sends what a GOAWAY with code %i leaves out elsewhere, at once',
    async (code) => {
      fake.delayMs = 50
      const sending = sendMany(provider, 10)
      await until(() => fake.looked === 10)
      // Streams 1, 3, 5, 7, 9 are looked at; 11 to 19 are not.
      fake.goAway({ code, lastStreamId: 9 })
      const outcomes = await sending
      const isGraceful = code === constants.NGHTTP2_NO_ERROR
      expect(kinds(outcomes.slice(0, 5))).toEqual(isGraceful ? { 'handed-over': 5 } : { retry: 5 })
      expect(kinds(outcomes.slice(5))).toEqual({ 'handed-over': 5 })
      expect(sentTwice()).toBe(5)
      expect(fake.sessionsOpened).toBe(2)
    },
  )

  it('loses and doubles nothing when GOAWAY comes again and again', async () => {
    const sending: Promise<SendOutcome>[] = []
    for (let round = 0; round < 20; round++) {
      for (let number = 0; number < 25; number++) sending.push(provider.send(notification(round * 25 + number)))
      await until(() => fake.looked > round * 25)
      fake.goAway()
    }
    expect(kinds(await Promise.all(sending))).toEqual({ 'handed-over': 500 })
    expect(fake.delivered).toBe(500)
    expect(sentTwice()).toBe(0)
    await until(() => provider.sessions <= 1)
  })

  it('sends again at once what is refused before it is looked at', async () => {
    fake.answerNext('refuse', 'refuse')
    expect(await provider.send(notification())).toEqual({ kind: 'handed-over' })
    expect(fake.looked).toBe(1)
  })

  it('does not do so for ever', async () => {
    fake.answer = () => 'refuse'
    expect(errorOf(await provider.send(notification()))).toBeInstanceOf(ProviderUnreachableError)
  })

  it('does not send again what may have been looked at', async () => {
    fake.answerNext('reset')
    expect(errorOf(await provider.send(notification(0)))).toBeInstanceOf(ProviderUnreachableError)
    expect(fake.looked).toBe(1)
    fake.answer = () => 'hang'
    const sending = sendMany(provider, 10)
    await until(() => fake.looked === 11)
    fake.breakConnections()
    for (const outcome of await sending) expect(errorOf(outcome)).toBeInstanceOf(ProviderUnreachableError)
    expect(fake.looked).toBe(11)
    fake.answer = undefined
    expect(await provider.send(notification())).toEqual({ kind: 'handed-over' })
  })

  it('replaces a connection that gives no answer, and lets the rest on it end well', async () => {
    provider = providerFor(fake, { deadlineMs: DEADLINE_MS })
    fake.answerNext('hang')
    expect(errorOf(await provider.send(notification(0)))).toBeInstanceOf(ProviderTimeoutError)
    expect(await provider.send(notification(1))).toEqual({ kind: 'handed-over' })
    expect(fake.sessionsOpened).toBe(2)
    await until(() => provider.sessions === 1)
  })

  it.each([true, false])('gives a connection up that never says a word (after a greeting: %s)', async (greets) => {
    const mute = await startMuteServer({ greets })
    const { endpoint, ca } = mute
    const silent = providerFor(fake, { endpoint, ca, deadlineMs: DEADLINE_MS })
    for (const outcome of await sendMany(silent, 5)) expect(errorOf(outcome)).toBeDefined()
    await until(() => silent.sessions === 0)
    await silent.close()
    await mute.close()
  })

  it('notices that the peer of an idle connection is gone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-apns-'))
    const peer = await startApnsFakeProcess({ directory, recording: 'count' })
    const { endpoint, keyFile, keyId, teamId } = peer
    const ca = readFileSync(peer.caFile, 'utf8')
    const times = { deadlineMs: DEADLINE_MS, pingAfterMs: 20, now: Date.now }
    const idle = createApnsProvider({ endpoint, ca, keyFile, keyId, teamId, ...times })
    expect(await idle.send(notification())).toEqual({ kind: 'handed-over' })
    expect(idle.sessions).toBe(1)
    process.kill(peer.pid, 'SIGSTOP')
    await until(() => idle.sessions === 0)
    await idle.close()
    await peer.stop()
    rmSync(directory, { recursive: true })
  })

  it('keeps an idle connection whose peer answers pings', async () => {
    provider = providerFor(fake, { deadlineMs: DEADLINE_MS, pingAfterMs: 20 })
    await provider.send(notification(0))
    await new Promise((resolve) => setTimeout(resolve, 2 * DEADLINE_MS))
    await provider.send(notification(1))
    expect(fake.sessionsOpened).toBe(1)
  })

  it('tells all that wait when no connection can be made, and tries anew for the next', async () => {
    const closed = await startApnsFake()
    await closed.close()
    const alone = providerFor(fake, { endpoint: closed.access.endpoint })
    for (const outcome of await sendMany(alone, 20)) expect(errorOf(outcome)).toBeInstanceOf(ProviderUnreachableError)
    const reopened = await startApnsFake({ port: Number(new URL(closed.access.endpoint).port) })
    await alone.close()
    const trusting = providerFor(reopened)
    expect(await trusting.send(notification())).toEqual({ kind: 'handed-over' })
    await trusting.close()
    await reopened.close()
  })

  it('speaks only to a peer whose certificate it trusts', async () => {
    const { endpoint, key, keyId, teamId } = fake.access
    const other = await startApnsFake()
    const wary = providerFor(other, { endpoint, key, keyId, teamId })
    expect(errorOf(await wary.send(notification()))).toBeInstanceOf(ProviderUnreachableError)
    expect(fake.looked).toBe(0)
    await wary.close()
    await other.close()
  })

  it('turns away more than may wait, and sends the others', async () => {
    provider = providerFor(fake, { waiting: 10 })
    const outcomes = await sendMany(provider, 25)
    expect(kinds(outcomes)).toEqual({ 'handed-over': 10, busy: 15 })
    expect(kinds(outcomes.slice(10))).toEqual({ busy: 15 })
  })

  it('does not wait longer than its deadline for room', async () => {
    fake.answer = () => 'hang'
    provider = providerFor(fake, { streams: 1, sessions: 1, deadlineMs: DEADLINE_MS })
    for (const outcome of await sendMany(provider, 5)) expect(errorOf(outcome)).toBeInstanceOf(ProviderTimeoutError)
    expect(provider.waiting).toBe(0)
  })

  it('lets what is under way end when it is closed, and takes no more', async () => {
    fake.delayMs = 50
    const sending = sendMany(provider, 20)
    await until(() => fake.looked === 20)
    const closing = Promise.all([provider.close(), provider.close()])
    expect(errorOf(await provider.send(notification(20)))).toBeInstanceOf(ProviderUnreachableError)
    expect(kinds(await sending)).toEqual({ 'handed-over': 20 })
    await closing
    expect(fake.delivered).toBe(20)
  })

  it('ends at once when it is closed while it connects', async () => {
    const sending = provider.send(notification())
    await until(() => provider.sessions === 1)
    await provider.close()
    expect(errorOf(await sending)).toBeInstanceOf(ProviderUnreachableError)
  })

  it('hands errors on that name no device', async () => {
    fake.answerNext(
      'reset',
      'break',
      { status: 500, reason: 'InternalServerError' },
      { status: 400, reason: 'BadTopic' },
    )
    for (let number = 0; number < 4; number++) {
      const { token, payload } = notification(0xabcdef)
      const outcome = await provider.send({ ...notification(), token, payload })
      const text = outcome.kind === 'retry' ? `${outcome.error.stack} ${String(outcome.error.cause)}` : ''
      expect(text).toContain('push provider')
      expect(text).not.toContain('abcdef')
      expect(text).not.toContain(payload.slice(0, 12))
    }
  })
})
