import 'reflect-metadata'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { X509CertificateGenerator } from '@peculiar/x509'
import type { Address, OutgoingGuardOptions, OutgoingReply, OutgoingRequest } from './outgoing-guard.ts'
import { OutgoingGuard } from './outgoing-guard.ts'

const LOOPBACK: Address = { address: '127.0.0.1', family: 4 }
/** Judged as public; the family that does not fit makes the system refuse it, so that no packet leaves this machine. */
const PUBLIC: Address = { address: '8.8.8.8', family: 6 }

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  opened.push(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return (server.address() as AddressInfo).port
}

const serve = (answer: RequestListener, host?: string): Promise<number> => listening(createServer(answer), host)

function guardWith(options: Partial<OutgoingGuardOptions>): OutgoingGuard {
  const guard = new OutgoingGuard({
    allowList: [],
    allowPublic: false,
    resolve: () => Promise.resolve([LOOPBACK]),
    ...options,
  })
  opened.push(() => guard.close())
  return guard
}

function ask(guard: OutgoingGuard, url: string, request: Partial<OutgoingRequest> = {}): Promise<OutgoingReply> {
  return guard.request(new URL(url), {
    method: 'GET',
    headers: {},
    deadlineMs: 10_000,
    maxReplyBytes: 1000,
    ...request,
  })
}

const refused = { code: 'DESTINATION_REFUSED' }

describe('OutgoingGuard', () => {
  it('sends a request to a listed host and reads the answer', async () => {
    const port = await serve((request, response) => {
      request.on('data', (piece: Buffer) => {
        response.writeHead(201, {
          'x-seen': `${request.method} ${request.url} ${String(request.headers['x-a'])} ${piece.toString()}`,
        })
        response.end('answer')
      })
    })
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    const reply = await ask(guard, `http://files.example:${port}/a/b?c=d`, {
      method: 'POST',
      headers: { 'x-a': '1' },
      body: Buffer.from('body'),
    })
    expect({ status: reply.status, seen: reply.headers['x-seen'], body: Buffer.from(reply.body).toString() }).toEqual({
      status: 201,
      seen: 'POST /a/b?c=d 1 body',
      body: 'answer',
    })
  })

  it.each(['FILES.Example', 'files.example.'])('knows a listed host as %s', async (host) => {
    const port = await serve((_request, response) => response.end('ok'))
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    expect((await ask(guard, `http://${host}:${port}/`)).status).toBe(200)
  })

  it('reaches listed literal addresses of both families at their port alone', async () => {
    const answer: RequestListener = (_request, response) => response.end('ok')
    const [v4, v6, other] = [await serve(answer), await serve(answer, '::1'), await serve(answer)]
    const resolve = jest.fn(() => Promise.resolve([LOOPBACK]))
    const guard = guardWith({ allowList: [`127.0.0.1:${v4}`, `[::1]:${v6}`], allowPublic: true, resolve })
    expect((await ask(guard, `http://127.0.0.1:${v4}/`)).status).toBe(200)
    expect((await ask(guard, `http://127.1:${v4}/`)).status).toBe(200)
    expect((await ask(guard, `http://[::1]:${v6}/`)).status).toBe(200)
    await expect(ask(guard, `http://127.0.0.1:${other}/`)).rejects.toMatchObject(refused)
    await expect(ask(guard, 'http://127.0.0.1/')).rejects.toMatchObject(refused)
    await expect(ask(guard, 'http://[::1]/')).rejects.toMatchObject(refused)
    expect(resolve).not.toHaveBeenCalled()
  })

  it('says beforehand which hosts and ports may be asked', () => {
    const listed = guardWith({ allowList: ['a.example', 'b.example:8080'] })
    expect([80, 443, 8080].filter((port) => listed.permits('A.example', port))).toEqual([80, 443])
    expect([80, 443, 8080].filter((port) => listed.permits('b.example', port))).toEqual([8080])
    expect(listed.permits('c.example', 443)).toBe(false)
    const open = guardWith({ allowPublic: true })
    expect([79, 80, 443, 444, 22].filter((port) => open.permits('c.example', port))).toEqual([80, 443])
  })

  it('does not resolve what is not permitted', async () => {
    const resolve = jest.fn(() => Promise.resolve([PUBLIC]))
    const guard = guardWith({ allowList: ['a.example'], resolve })
    for (const url of ['http://b.example/', 'http://a.example:22/', 'http://a.example.org/', 'ftp://a.example/']) {
      await expect(ask(guard, url)).rejects.toMatchObject(refused)
    }
    expect(resolve).not.toHaveBeenCalled()
  })

  it.each([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest',
  ])('refuses %s although public addresses are allowed', async (url) => {
    await expect(ask(guardWith({ allowPublic: true }), url)).rejects.toMatchObject(refused)
  })

  it.each(['127.0.0.1', '10.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fe80::1%eth0'])(
    'refuses a name that resolves to %s',
    async (address) => {
      const family = address.includes(':') ? 6 : 4
      const guard = guardWith({ allowPublic: true, resolve: () => Promise.resolve([{ address, family }]) })
      await expect(ask(guard, 'http://inside.example/')).rejects.toMatchObject(refused)
    },
  )

  it.each([
    ['8.8.8.8', 'http://8.8.8.8/'],
    ['2600:0:0::1', 'http://[2600::1]/'],
    ['8.8.8.8', 'http://self.example/'],
  ])('refuses the own address %s as %s', async (own, url) => {
    const resolve = (): Promise<Address[]> => Promise.resolve([PUBLIC])
    const guard = guardWith({ allowPublic: true, ownAddresses: [own], resolve })
    await expect(ask(guard, url)).rejects.toMatchObject(refused)
  })

  it('reaches an own address that is listed', async () => {
    const port = await serve((_request, response) => response.end('own'))
    const guard = guardWith({ allowList: [`127.0.0.1:${port}`], ownAddresses: ['127.0.0.1'] })
    expect(await ask(guard, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 })
  })

  it('keeps connections to a bounded number of destinations', async () => {
    const ports = [
      await serve((_request, response) => response.end()),
      await serve((_request, response) => response.end()),
    ]
    const allowList = ports.map((port) => `127.0.0.1:${port}`)
    const [first, second] = allowList.map((destination) => `http://${destination}/`) as [string, string]
    const guard = guardWith({ allowList, maxDestinations: 1 })
    expect(await ask(guard, first)).toMatchObject({ status: 200 })
    await expect(ask(guard, second)).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' })
    expect(await ask(guard, first)).toMatchObject({ status: 200 })
  })

  it('judges the addresses of a listed host at its other ports', async () => {
    const guard = guardWith({ allowList: ['inside.example:8080'], allowPublic: true })
    await expect(ask(guard, 'http://inside.example/')).rejects.toMatchObject(refused)
    await expect(ask(guard, 'https://inside.example/')).rejects.toMatchObject(refused)
  })

  it('judges every new connection: a name that turns to a private address is refused', async () => {
    const answers: Address[] = [PUBLIC, LOOPBACK]
    const asked: string[] = []
    const guard = guardWith({
      allowPublic: true,
      resolve: (host) => {
        asked.push(host)
        return Promise.resolve(answers.splice(0, 1))
      },
    })
    await expect(ask(guard, 'http://turning.example/')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' })
    await expect(ask(guard, 'http://turning.example/')).rejects.toMatchObject(refused)
    expect(asked).toEqual(['turning.example', 'turning.example'])
  })

  it('uses a kept connection again, and resolves again for a new one', async () => {
    const sockets = new Set<Socket>()
    const port = await serve((request, response) => {
      sockets.add(request.socket)
      if (request.url === '/last') response.setHeader('connection', 'close')
      response.end('ok')
    })
    const resolve = jest.fn(() => Promise.resolve([LOOPBACK]))
    const guard = guardWith({ allowList: [`files.example:${port}`], resolve, connectionsPerHost: 1 })
    for (const path of ['/', '/', '/last', '/']) await ask(guard, `http://files.example:${port}${path}`)
    expect(sockets.size).toBe(2)
    expect(resolve).toHaveBeenCalledTimes(2)
  })

  it('tries the next address when the first does not answer', async () => {
    const port = await serve((_request, response) => response.end('ok'))
    const resolve = (): Promise<Address[]> => Promise.resolve([{ address: '::1', family: 6 }, LOOPBACK])
    const guard = guardWith({ allowList: [`files.example:${port}`], resolve })
    expect((await ask(guard, `http://files.example:${port}/`)).status).toBe(200)
  })

  it('does not follow redirects', async () => {
    const paths: (string | undefined)[] = []
    const port = await serve((request, response) => {
      paths.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    const reply = await ask(guard, `http://files.example:${port}/`)
    expect([reply.status, reply.headers['location'], paths]).toEqual([302, '/elsewhere', ['/']])
  })

  it('asks for the host of the URL, whatever the headers say', async () => {
    const port = await serve((request, response) => response.end(request.headers.host))
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    const reply = await ask(guard, `http://files.example:${port}/`, { headers: { Host: 'inside.example' } })
    expect(Buffer.from(reply.body).toString()).toBe(`files.example:${port}`)
  })

  it('takes an answer of the longest length and drops the connection of a longer one', async () => {
    let dropped: Promise<unknown> = Promise.reject(new Error('no request'))
    dropped.catch(() => {})
    const port = await serve((request, response) => {
      dropped = once(request.socket, 'close')
      response.write(Buffer.alloc(Number(request.url?.slice(1))))
      if (request.url !== '/1001') response.end()
    })
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    for (const length of [999, 1000]) {
      expect((await ask(guard, `http://files.example:${port}/${length}`)).body).toHaveLength(length)
    }
    await expect(ask(guard, `http://files.example:${port}/1001`)).rejects.toMatchObject({
      code: 'DESTINATION_REPLY_TOO_LARGE',
    })
    await dropped
  })

  it.each([
    ['no answer', (): void => {}],
    ['an answer that stops in its middle', (_request, response): unknown => response.write('half')],
  ] as [string, RequestListener][])('ends %s at the deadline and drops the connection', async (_name, answer) => {
    let dropped: Promise<unknown> | undefined
    const port = await serve((request, response) => {
      dropped = once(request.socket, 'close')
      answer(request, response)
    })
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    const late = ask(guard, `http://files.example:${port}/`, { deadlineMs: 100 })
    await expect(late).rejects.toMatchObject({ code: 'DESTINATION_TIMEOUT' })
    await dropped
  })

  it('counts resolving into the deadline', async () => {
    const guard = guardWith({ allowList: ['files.example'], resolve: () => new Promise(() => {}) })
    await expect(ask(guard, 'http://files.example/', { deadlineMs: 50 })).rejects.toMatchObject({
      code: 'DESTINATION_TIMEOUT',
    })
  })

  it('ends when the caller aborts', async () => {
    const controller = new AbortController()
    const port = await serve(() => controller.abort())
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    const aborted = ask(guard, `http://files.example:${port}/`, { signal: controller.signal })
    await expect(aborted).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' })
  })

  it.each([
    ['does not resolve', () => Promise.reject(new Error('ENOTFOUND inside.example'))],
    ['has no address', () => Promise.resolve([])],
    ['does not answer', () => Promise.resolve([LOOPBACK])],
  ] as [string, () => Promise<Address[]>][])('says without the name that a host %s', async (_name, resolve) => {
    const guard = guardWith({ allowList: ['inside.example:1'], resolve })
    const error: unknown = await ask(guard, 'http://inside.example:1/').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'DESTINATION_UNREACHABLE', message: 'the destination cannot be reached' })
  })

  it('refuses a certificate that no authority vouches for', async () => {
    const requests: unknown[] = []
    const port = await listening(
      createTlsServer(await selfSigned('files.example'), (request, response) => {
        requests.push(request.url)
        response.end('ok')
      }),
    )
    const guard = guardWith({ allowList: [`files.example:${port}`] })
    await expect(ask(guard, `https://files.example:${port}/`)).rejects.toMatchObject({
      code: 'DESTINATION_UNREACHABLE',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    })
    expect(requests).toEqual([])
  })
})

async function selfSigned(name: string): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2046-01-01'),
  })
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return { key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`, cert: certificate.toString('pem') }
}
