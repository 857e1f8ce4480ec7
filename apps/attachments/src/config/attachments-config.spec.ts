import { describe, expect, it } from '@jest/globals'
import { ConfigError } from '#runtime'
import { attachmentsConfig } from './attachments-config.ts'

describe('attachmentsConfig', () => {
  it('has a default for everything', () => {
    expect(attachmentsConfig({})).toMatchObject({
      port: 3001,
      publicUrl: 'http://127.0.0.1:3001',
      files: {
        idMode: 'content',
        maxFileSize: 10_223_616,
        inlineBytes: 65_536,
        defaultTtlSeconds: 1_209_600,
        maxTtlSeconds: undefined,
      },
      sweeps: { intervalMs: 15_000 },
      stallDeadlineMs: 30_000,
      stores: { kind: 'embedded' },
    })
  })

  it('counts its port from the port of the gateway and announces the public address', () => {
    const { port, publicUrl } = attachmentsConfig({ SOTTO_HTTP_PORT: '4000', SOTTO_PUBLIC_IP: '::1' })
    expect([port, publicUrl]).toEqual([4001, 'http://[::1]:4001'])
  })

  it('names every problem at once', () => {
    const read = (): unknown => attachmentsConfig({ SOTTO_FILE_ID_MODE: 'x', SOTTO_MAX_FILE_SIZE: 'big' })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(/SOTTO_FILE_ID_MODE.*\n.*SOTTO_MAX_FILE_SIZE|SOTTO_MAX_FILE_SIZE.*\n.*SOTTO_FILE_ID_MODE/)
  })

  it.each([
    { SOTTO_REDIS_URL: 'redis://localhost' },
    { SOTTO_S3_ENDPOINT: 'http://localhost:9000' },
    { SOTTO_REDIS_URL: 'redis://localhost', SOTTO_S3_ENDPOINT: 'http://localhost:9000' },
  ])('refuses half of a distributed store: %j', (environment) => {
    expect(() => attachmentsConfig(environment)).toThrow(ConfigError)
  })

  it('keeps everything in the blob store when the record store is memory', () => {
    const environment = {
      SOTTO_REDIS_URL: 'redis://localhost',
      SOTTO_S3_ENDPOINT: 'http://localhost:9000',
      SOTTO_S3_ACCESS_KEY: 'a',
      SOTTO_S3_SECRET_KEY: 'b',
    }
    expect(attachmentsConfig(environment)).toMatchObject({ stores: { kind: 'distributed' }, files: { inlineBytes: 0 } })
  })
})
