import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createMetrics } from '../metrics/metrics.ts'
import { Health } from './health.ts'
import { listen, portError } from './listen.ts'
import { type OperationsServer, startOperationsServer } from './operations-server.ts'

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

async function started(health: Health, metrics = createMetrics({ process: false })): Promise<OperationsServer> {
  const server = await startOperationsServer({ host: '127.0.0.1', port: 0, health, metrics })
  opened.push(() => server.close())
  return server
}

async function get(
  server: OperationsServer,
  path: string,
): Promise<{ status: number; body: string; type: string | null }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') }
}

describe('the operations server', () => {
  it('is alive, and ready when nothing fails', async () => {
    const health = new Health()
    health.register('store', () => Promise.resolve())
    const server = await started(health)
    expect(await get(server, '/livez?x=1')).toMatchObject({ status: 200, body: '{"alive":true}\n' })
    expect(await get(server, '/readyz')).toMatchObject({
      status: 200,
      body: '{"ready":true,"checks":{"store":"ok"}}\n',
    })
  })

  it('says 503 from the moment it drains, and stays alive', async () => {
    const health = new Health()
    const server = await started(health)
    health.drain()
    expect(health.draining).toBe(true)
    expect(await get(server, '/readyz')).toMatchObject({ status: 503, body: '{"ready":false,"checks":{}}\n' })
    expect((await get(server, '/livez')).status).toBe(200)
  })

  it('names the checks that fail, and not why', async () => {
    const health = new Health()
    health.register('fine', () => Promise.resolve())
    health.register('rejects', () => Promise.reject(new Error('secret')))
    health.register('throws', () => {
      throw new Error('secret')
    })
    const server = await started(health)
    expect(await get(server, '/readyz')).toMatchObject({
      status: 503,
      body: '{"ready":false,"checks":{"fine":"ok","rejects":"failing","throws":"failing"}}\n',
    })
  })

  it('counts a check that does not answer in time as failing', async () => {
    const health = new Health(20)
    health.register('stuck', () => new Promise(() => {}))
    expect(await get(await started(health), '/readyz')).toMatchObject({
      status: 503,
      body: '{"ready":false,"checks":{"stuck":"failing"}}\n',
    })
  })

  it('serves metrics, and nothing elsewhere', async () => {
    const metrics = createMetrics({ process: false })
    metrics.gauge('things', 'Things.').set(3)
    const server = await started(new Health(), metrics)
    const reply = await get(server, '/metrics')
    expect(reply.type).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(reply.body).toContain('sotto_things 3')
    expect((await get(server, '/')).status).toBe(404)
  })

  it('answers 500 when the metrics cannot be read', async () => {
    const metrics = createMetrics({ process: false })
    metrics.observed('broken', 'Broken.', () => {
      throw new Error('secret')
    })
    expect(await get(await started(new Health(), metrics), '/metrics')).toMatchObject({ status: 500, body: '' })
  })

  it('names its setting when the port is taken', async () => {
    const { port } = await started(new Health())
    const second = startOperationsServer({
      host: '127.0.0.1',
      port,
      health: new Health(),
      metrics: createMetrics({ process: false }),
    })
    await expect(second).rejects.toThrow(
      `Port ${port} is taken by another program; set SOTTO_OPERATIONS_PORT to a free one.`,
    )
  })

  it('closes although a client keeps its connection', async () => {
    const server = await startOperationsServer({
      host: '127.0.0.1',
      port: 0,
      health: new Health(),
      metrics: createMetrics({ process: false }),
    })
    await get(server, '/livez')
    await server.close()
    await expect(get(server, '/livez')).rejects.toThrow()
  })
})

describe('listen', () => {
  function server(): Server {
    const made = createServer()
    opened.push(() => new Promise((resolve) => made.close(resolve)))
    return made
  }

  it('gives the port that the system chose', async () => {
    const made = server()
    const port = await listen(made, { port: 0, host: '127.0.0.1', variable: 'SOTTO_PORT' })
    expect(made.address()).toMatchObject({ port })
    expect(made.listenerCount('error')).toBe(0)
  })

  it('keeps the cause when the port is taken', async () => {
    const port = await listen(server(), { port: 0, host: '127.0.0.1', variable: 'SOTTO_PORT' })
    const second = listen(server(), { port, host: '127.0.0.1', variable: 'SOTTO_PORT' })
    await expect(second).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE', cause: { code: 'EADDRINUSE' } })
  })

  it('says that the machine has no such address', async () => {
    const attempt = listen(server(), { port: 0, host: '203.0.113.1', variable: 'SOTTO_PORT' })
    await expect(attempt).rejects.toThrow(/SOTTO_BIND_HOST/)
  })

  it('tells the reasons apart and lets other errors pass', () => {
    const failed = (code: string): Error => portError(Object.assign(new Error('x'), { code }), 80, 'SOTTO_PORT')
    expect(failed('EACCES').message).toBe('Port 80 may not be used by this user; set SOTTO_PORT to one above 1023.')
    expect(failed('ENOTFOUND').message).toMatch(/SOTTO_BIND_HOST/)
    const other = Object.assign(new Error('x'), { code: 'EMFILE' })
    expect(portError(other, 80, 'SOTTO_PORT')).toBe(other)
    expect(portError('text', 80, 'SOTTO_PORT')).toMatchObject({ cause: 'text' })
  })
})
