import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApnsProvider, createApnsProvider } from '../../../../apps/push/src/providers/apns/index.ts'
import type { OutgoingNotification } from '../../../../apps/push/src/providers/provider.ts'
import { createRequestBuilder } from '../../../../apps/push/src/providers/apns/apns-request.ts'
import { type ApnsFakeProcess, startApnsFake, startApnsFakeProcess } from './index.ts'

const notification: OutgoingNotification = {
  token: '0123456789abcdef'.repeat(4),
  serviceData: new Uint8Array(),
  payload: 'A'.repeat(396),
  isUrgent: true,
  expiresAt: Date.now() + 3600_000,
}

describe('startApnsFake', () => {
  it.each([
    ['a PUT', { ':method': 'PUT' }, 405, 'MethodNotAllowed'],
    ['another path', { ':path': '/3/devices/1' }, 404, 'BadPath'],
    ['a short token', { ':path': '/3/device/00' }, 400, 'BadDeviceToken'],
    ['no provider token', { authorization: undefined }, 403, 'MissingProviderToken'],
    ['a forged provider token', { authorization: 'bearer e30.e30.AAAA' }, 403, 'InvalidProviderToken'],
    ['no topic', { 'apns-topic': undefined }, 400, 'MissingTopic'],
    ['another topic', { 'apns-topic': 'org.example' }, 400, 'TopicDisallowed'],
    ['another push type', { 'apns-push-type': 'voip' }, 400, 'InvalidPushType'],
    ['a strange priority', { 'apns-priority': '7' }, 400, 'BadPriority'],
    ['no expiration', { 'apns-expiration': undefined }, 400, 'BadExpirationDate'],
  ])('answers %s as APNs does', async (_what, change, expected, reason) => {
    const fake = await startApnsFake()
    const provider = createApnsProvider({ ...fake.access, now: Date.now })
    await provider.send(notification)
    await provider.close()
    const good = fake.requests[0]?.headers
    const { headers } = createRequestBuilder('com.loki-project.loki-messenger')(notification, '', Date.now())
    const session = connect(fake.access.endpoint, { ca: fake.access.ca })
    const stream = session.request({ ...headers, authorization: good?.authorization, ...change })
    stream.end('{}')
    let status: number | undefined
    stream.once('response', (answer) => (status = answer[':status']))
    const pieces = await stream.setEncoding('utf8').toArray()
    session.destroy()
    await fake.close()
    expect(status).toBe(expected)
    expect(JSON.parse(pieces.join(''))).toEqual({ reason })
  })
})

describe('startApnsFakeProcess', () => {
  let directory: string
  let fake: ApnsFakeProcess
  let provider: ApnsProvider
  const start = async (recording: 'all' | 'count'): Promise<void> => {
    directory = mkdtempSync(join(tmpdir(), 'sotto-apns-fake-'))
    fake = await startApnsFakeProcess({ directory, recording })
    const { endpoint, caFile, keyFile, keyId, teamId } = fake
    const ca = readFileSync(caFile, 'utf8')
    provider = createApnsProvider({ endpoint, ca, keyFile, keyId, teamId, now: Date.now })
  }
  afterEach(async () => {
    await provider.close()
    await fake.stop()
    rmSync(directory, { recursive: true })
  })

  describe('that records', () => {
    beforeEach(() => start('all'))

    it('writes what it has taken to a file', async () => {
      expect(await provider.send(notification)).toEqual({ kind: 'handed-over' })
      const [delivered, ...others] = fake.delivered()
      expect(others).toEqual([])
      expect(delivered?.headers[':path']).toBe(`/3/device/${notification.token}`)
      expect(JSON.parse(delivered?.body ?? '')).toMatchObject({ enc_payload: notification.payload })
    })

    it('does what it is told', async () => {
      fake.command({ answer: { status: 410, reason: 'Unregistered', timestamp: 1000 } })
      await fake.counters()
      expect(await provider.send(notification)).toEqual({ kind: 'token-dead', since: 1000 })
      fake.command({ answer: null, answerNext: ['refuse'], goAway: {} })
      await fake.counters()
      expect(await provider.send(notification)).toEqual({ kind: 'handed-over' })
      expect(await fake.counters()).toMatchObject({ looked: 2, delivered: 1, sessionsOpened: 2 })
    })
  })

  describe('that counts', () => {
    beforeEach(() => start('count'))

    it('carries what the provider sends', async () => {
      const count = 2000
      const begin = performance.now()
      const outcomes = await Promise.all(Array.from({ length: count }, () => provider.send(notification)))
      const rate = Math.round((count * 1000) / (performance.now() - begin))
      console.info(`${rate} notifications/s through the provider`)
      expect(outcomes.every(({ kind }) => kind === 'handed-over')).toBe(true)
      expect(await fake.counters()).toMatchObject({ delivered: count })
      expect(fake.delivered()).toEqual([])
    })
  })
})
