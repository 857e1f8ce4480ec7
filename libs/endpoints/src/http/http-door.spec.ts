import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import fastify, { type FastifyInstance } from 'fastify'
import { utf8 } from '#crypto'
import { collectBody } from '../collect-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { errorReply } from '../error-reply.ts'
import { bytesReply, jsonReply } from '../replies.ts'
import { RecordingObserver, timerDeadline } from '../testing.suite.ts'
import { closeWhenIdle } from './close-when-idle.ts'
import { mountHttpDoor } from './http-door.ts'

let server: FastifyInstance
let observer: RecordingObserver
let url: string
let port: number

async function start(endpoints: readonly Endpoint[], stallMs = 5000): Promise<void> {
  server = fastify()
  observer = new RecordingObserver()
  mountHttpDoor(server, { endpoints, deadline: timerDeadline(stallMs), errorReply, observer })
  url = await server.listen({ port: 0, host: '127.0.0.1' })
  port = Number(new URL(url).port)
}

afterEach(() => server.close())

const echo: Endpoint = {
  method: 'POST',
  route: '/echo/:name',
  async handle({ body, params, query, headers, method, target }) {
    const length = (await collectBody(body, 1_000_000)).length
    const { name } = params
    return jsonReply(200, { length, name, q: query.get('q'), kind: headers['x-kind'], method, target })
  },
}

describe('mountHttpDoor', () => {
  it('hands over method, target, parameters, query, headers and body, whatever the content type', async () => {
    await start([echo])
    for (const type of ['application/json', 'nonsense', 'text/plain; charset=utf-8; charset=x', '']) {
      const headers = { 'x-kind': 'k', 'content-type': type }
      const reply = await fetch(`${url}/echo/a%20b?q=1`, { method: 'POST', headers, body: Buffer.alloc(70_000) })
      const expected = { length: 70_000, name: 'a b', q: '1', kind: 'k', method: 'POST', target: '/echo/a%20b?q=1' }
      expect(await reply.json()).toEqual(expected)
      expect(reply.headers.get('content-type')).toBe('application/json')
    }
  })

  it('answers an unknown path or method with 404', async () => {
    await start([echo])
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['GET', '/echo/a'],
      ['DELETE', '/echo/a'],
      ['POST', '/echo'],
    ] as const) {
      const reply = await fetch(url + path, { method })
      expect(await reply.json()).toEqual({ status_code: 404 })
    }
    expect(observer.answers.every((answer) => answer === 'http * 404')).toBe(true)
  })

  it('answers an unforeseen error with 500, tells the observer, and nothing to the client', async () => {
    const broken: Endpoint = { method: 'GET', route: '/x', handle: () => Promise.reject(new Error('inner secret')) }
    await start([broken])
    const reply = await fetch(`${url}/x`)
    expect(reply.status).toBe(500)
    expect(await reply.json()).toEqual({ status_code: 500 })
    expect(observer.failures).toEqual([new Error('inner secret')])
  })

  it('leaves a streamed body out on HEAD and lets go of it', async () => {
    let released = false
    const chunks: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('read')),
        return: async () => {
          released = true
          return { done: true, value: undefined }
        },
      }),
    }
    const handle: Endpoint['handle'] = async () => bytesReply(200, 'text/plain', { length: 5, chunks })
    await start([{ method: 'GET', route: '/x', handle }])
    const reply = await fetch(`${url}/x`, { method: 'HEAD' })
    expect(reply.headers.get('content-length')).toBe('5')
    expect(released).toBe(true)
  })

  it('breaks the connection when a streamed body fails, so that nobody takes it for whole', async () => {
    async function* half(): AsyncGenerator<Uint8Array> {
      yield utf8('half')
      throw new Error('disk')
    }
    await start([
      { method: 'GET', route: '/x', handle: async () => bytesReply(200, 'text/plain', { length: 8, chunks: half() }) },
    ])
    await expect(fetch(`${url}/x`).then((reply) => reply.text())).rejects.toThrow()
    expect(observer.failures).toEqual([new Error('disk')])
  })

  it('cuts off a reader that stops reading, and lets go of the body', async () => {
    let ended: () => void = () => undefined
    const whenEnded = new Promise<void>((resolve) => (ended = resolve))
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(65_536)
      } finally {
        ended()
      }
    }
    await start(
      [
        {
          method: 'GET',
          route: '/x',
          handle: async () => bytesReply(200, 'text/plain', { length: 1e12, chunks: endless() }),
        },
      ],
      50,
    )
    const socket = connect(port, '127.0.0.1')
    socket.pause()
    socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
    await whenEnded
    socket.destroy()
    expect(observer.answers).toEqual(['http /x 200'])
  })

  it('aborts the signal when the client goes away', async () => {
    let aborted: () => void = () => undefined
    const whenAborted = new Promise<void>((resolve) => (aborted = resolve))
    const slow: Endpoint = {
      method: 'GET',
      route: '/x',
      handle: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted()
            resolve(jsonReply(200, {}))
          })
        }),
    }
    await start([slow])
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(socket, 'connect')
    setTimeout(() => socket.destroy(), 20)
    await expect(whenAborted).resolves.toBeUndefined()
  })

  it('closes while connections are kept alive and answers are under way', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let arrived: () => void = () => undefined
    const whenArrived = new Promise<void>((resolve) => (arrived = resolve))
    const slow: Endpoint = {
      method: 'GET',
      route: '/x',
      async handle() {
        arrived()
        await released
        return jsonReply(200, { done: true })
      },
    }
    await start([slow])
    const reply = fetch(`${url}/x`)
    await whenArrived
    const closed = closeWhenIdle(server.server, () => server.close())
    release()
    expect(await (await reply).json()).toEqual({ done: true })
    await expect(closed).resolves.toBeUndefined()
  })

  it('keeps the connection when little of the request was left unread', async () => {
    const ignore: Endpoint = { method: 'POST', route: '/x', handle: async () => jsonReply(200, {}) }
    await start([ignore])
    const reply = await fetch(`${url}/x`, { method: 'POST', body: 'abc' })
    expect(reply.headers.get('connection')).toBe('keep-alive')
    await reply.text()
  })
})
