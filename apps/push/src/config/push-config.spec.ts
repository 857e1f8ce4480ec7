import { describe, expect, it } from '@jest/globals'
import { ConfigError } from '#runtime'
import { pushConfig } from './push-config.ts'

const APNS = { SOTTO_PUSH_APNS_KEY_FILE: 'key.p8', SOTTO_PUSH_APNS_KEY_ID: 'K', SOTTO_PUSH_APNS_TEAM_ID: 'T' }

describe('pushConfig', () => {
  it('serves Web Push and nothing else unless told', () => {
    const { providers, port, publicUrl } = pushConfig({})
    expect(providers).toMatchObject({ fcm: undefined, apns: undefined, logged: [] })
    expect(providers.webPush).toMatchObject({ allowList: [], allowPublic: true })
    expect([port, publicUrl]).toEqual([3002, 'http://127.0.0.1:3002'])
  })

  it('counts its port from the HTTP port and brackets IPv6', () => {
    const config = pushConfig({ SOTTO_HTTP_PORT: '4000', SOTTO_PUBLIC_IP: '2001:db8::1' })
    expect([config.port, config.publicUrl]).toEqual([4002, 'http://[2001:db8::1]:4002'])
  })

  it('takes the three settings of APNs together', () => {
    expect(pushConfig(APNS).providers.apns).toMatchObject({ keyId: 'K', teamId: 'T' })
    for (const name of Object.keys(APNS)) {
      const rest = Object.fromEntries(Object.entries(APNS).filter(([key]) => key !== name))
      expect(() => pushConfig(rest)).toThrow(ConfigError)
    }
  })

  it.each([
    [{ SOTTO_PUSH_LOG_SERVICES: 'sms' }],
    [{ ...APNS, SOTTO_PUSH_LOG_SERVICES: 'apns-sandbox' }],
    [{ SOTTO_PUSH_FCM_ACCOUNT_FILE: 'a.json', SOTTO_PUSH_LOG_SERVICES: 'log,firebase' }],
    [{ SOTTO_PUSH_VAPID_SUBJECT: 'operator' }],
    [{ SOTTO_PUSH_SECRET: 'abcd' }],
    [{ SOTTO_PUSH_BATCH_WINDOW: '10001ms' }],
    [{ SOTTO_PUSH_LEASE: '24999ms' }],
    [{ SOTTO_PUSH_DEVICES: '0' }],
    [{ SOTTO_PUSH_DEVICES: '513' }],
  ])('refuses %j', (environment) => {
    expect(() => pushConfig(environment)).toThrow(ConfigError)
  })

  it('names what does not fit together all at once', () => {
    const environment = {
      SOTTO_PUSH_APNS_KEY_ID: 'K',
      SOTTO_PUSH_VAPID_SUBJECT: 'operator',
      SOTTO_PUSH_LOG_SERVICES: 'sms',
    }
    const named = Object.keys(environment).map((name) => expect.stringContaining(name))
    expect(() => pushConfig(environment)).toThrow(expect.objectContaining({ problems: named }))
  })

  it.each(['0s', '9999ms', '10s'])('takes a batch window of %s', (window) => {
    expect(() => pushConfig({ SOTTO_PUSH_BATCH_WINDOW: window })).not.toThrow()
  })

  it.each(['25s', '25001ms'])('takes a lease of %s', (lease) => {
    expect(() => pushConfig({ SOTTO_PUSH_LEASE: lease })).not.toThrow()
  })

  it('lets the log stand in for services without a provider', () => {
    expect(pushConfig({ SOTTO_PUSH_LOG_SERVICES: 'log, firebase' }).providers.logged).toEqual(['log', 'firebase'])
  })
})
