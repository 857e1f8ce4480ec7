import { describe, expect, it } from '@jest/globals'
import { Cluster, Redis } from 'ioredis'
import { access } from 'node:fs/promises'
import { startNats, startRedis, startRedisCluster, startS3 } from './index.ts'
import { answers } from './probe.ts'
import { ServerProcess } from './server-process.ts'

describe('startRedis', () => {
  it('keeps what it acknowledged through kill and restart', async () => {
    const backend = await startRedis()
    const redis = new Redis(backend.url, { lazyConnect: true })
    redis.on('error', () => undefined)
    try {
      expect(await redis.set('name', 'value')).toBe('OK')
      await backend.kill()
      await backend.restart()
      expect(await redis.get('name')).toBe('value')
    } finally {
      redis.disconnect()
      await backend.stop()
    }
  })
})

describe('startRedisCluster', () => {
  it('serves every slot and refuses commands over several', async () => {
    const backend = await startRedisCluster()
    const cluster = new Cluster(backend.ports.map((port) => ({ host: '127.0.0.1', port })))
    try {
      for (const key of ['a', 'b', 'c', 'd']) expect(await cluster.set(key, key)).toBe('OK')
      await expect(cluster.mget('a', 'b')).rejects.toThrow('CROSSSLOT')
    } finally {
      cluster.disconnect()
      await backend.stop()
    }
  })
})

describe('startNats', () => {
  it.each([true, false])('says whether it has JetStream (%s)', async (jetstream) => {
    const backend = await startNats({ jetstream })
    try {
      const expected = jetstream ? '"jetstream":true' : '"max_payload"'
      expect(await answers(backend.port, { send: '', expect: expected })).toBe(true)
      expect(await answers(backend.port, { send: '', expect: '"jetstream":true' })).toBe(jetstream)
    } finally {
      await backend.stop()
    }
  })
})

describe('startS3', () => {
  it('answers in the language of S3', async () => {
    const backend = await startS3()
    try {
      const response = await fetch(`${backend.url}/no-such-bucket/key`)
      expect(await response.text()).toContain('<Error>')
    } finally {
      await backend.stop()
    }
  })
})

describe('ServerProcess', () => {
  const greeting = { send: '', expect: 'hello' }

  it('rejects with what the program printed when it ends instead of answering', async () => {
    const command = (): [string, ...string[]] => [
      process.execPath,
      '-e',
      'console.error("no such luck"); process.exit(3)',
    ]
    await expect(ServerProcess.start({ name: 'broken', greeting, command })).rejects.toThrow(
      'broken did not start: no such luck',
    )
  })

  it('rejects when there is no such program', async () => {
    const command = (): [string, ...string[]] => ['sotto-no-such-program']
    await expect(ServerProcess.start({ name: 'absent', greeting, command })).rejects.toThrow('ENOENT')
  })

  it('is gone after stop, with its files', async () => {
    const listen = 'require("net").createServer((s) => s.end("hello")).listen(Number(process.argv[1]), "127.0.0.1")'
    const command = (port: number): [string, ...string[]] => [process.execPath, '-e', listen, String(port)]
    const server = await ServerProcess.start({ name: 'simple', greeting, command })
    await server.stop()
    expect(await answers(server.port, greeting)).toBe(false)
    await expect(access(server.directory)).rejects.toThrow('ENOENT')
  })
})
