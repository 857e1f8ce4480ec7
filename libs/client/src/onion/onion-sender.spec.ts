import { beforeEach, describe, expect, it } from '@jest/globals'
import { fromUtf8, utf8 } from '#crypto'
import { DeadlineExceededError, RequestAbortedError, TransportError } from '../errors.ts'
import { FakeNetwork, plain, type Visit } from '../node/fakes/network.suite.ts'
import { NodeDirectory } from '../nodes/node-directory.ts'
import type { OnionNode } from '../nodes/onion-node.ts'
import { PathPool } from '../paths/path-pool.ts'
import { type FakeEnvironment, fakeEnvironment, fakeNodes, fakeSource } from '../node/fakes/environment.suite.ts'
import {
  ClockOutOfSyncError,
  NextNodeError,
  NodeFailedError,
  NodeGoneError,
  NodeRejectedError,
  PathFailedError,
  ReplyUnreadableError,
  RequestTooLargeError,
  ServerFaultError,
  ServerUnreachableError,
  UnauthorizedError,
  WrongSwarmError,
} from './errors.ts'
import type { ServerDestination } from './destination.ts'
import { guardByTls } from './guard-url.ts'
import { MAX_ONION_BODY, OnionSender } from './onion-sender.ts'
import type { SendEvent, SendOptions } from './send-options.ts'

const nodes = fakeNodes(12)
const request = { method: 'GET', endpoint: '/file/42', headers: { accept: 'x' } }

let environment: FakeEnvironment
let network: FakeNetwork
let directory: NodeDirectory
let sender: OnionSender
let server: ServerDestination

beforeEach(() => {
  environment = fakeEnvironment()
  network = new FakeNetwork(nodes)
  directory = new NodeDirectory(environment, fakeSource(nodes))
  const paths = new PathPool(environment, directory)
  sender = new OnionSender({ environment, transport: network, directory, paths, guardUrl: guardByTls })
  server = { kind: 'server', protocol: 'http', host: '127.0.0.1', port: 3001, x25519: network.service.x25519 }
})

async function send(options?: SendOptions): Promise<string | undefined> {
  const { body } = await sender.sendToServer(server, request, options)
  return fromUtf8(body)
}

async function dropped(): Promise<readonly string[]> {
  const alive = new Set((await directory.nodes()).map((node) => node.ed25519))
  return nodes.map((node) => node.ed25519).filter((name) => !alive.has(name))
}

/** Lets the first `count` requests be answered by the first node that has `role`. */
function failFirst(
  count: number,
  role: Visit['role'],
  reply: (visit: Visit) => ReturnType<typeof plain> | 'silence',
): void {
  network.interfere = (visit) => (network.visits.length <= count && visit.role === role ? reply(visit) : undefined)
}

describe('OnionSender.sendToServer', () => {
  it('carries request and reply through three nodes', async () => {
    network.serve = ({ method, endpoint, headers, body }) => ({
      code: 418,
      headers: { 'content-type': 'text/plain' },
      body: utf8(`${method} ${endpoint} ${headers['accept'] ?? ''} ${body.length}`),
    })
    const reply = await sender.sendToServer(server, { ...request, body: new Uint8Array(5) })
    expect(reply.code).toBe(418)
    expect(reply.headers['content-type']).toBe('text/plain')
    expect(fromUtf8(reply.body)).toBe('GET /file/42 x 5')
    expect(network.visits.map((trace) => trace.map((visit) => visit.role))).toEqual([['guard', 'middle', 'exit']])
  })

  it('tells what happens', async () => {
    failFirst(1, 'middle', () => plain(500, 'x'))
    const events: SendEvent[] = []
    await send({ onEvent: (event) => events.push(event) })
    expect(events.map((event) => event.kind)).toEqual(['sent', 'retrying', 'sent', 'answered'])
  })

  it('aborts without blame when the exit cannot reach the server', async () => {
    failFirst(9, 'exit', () => plain(502, 'connect ECONNREFUSED', 'Bad Gateway'))
    await expect(send()).rejects.toBeInstanceOf(ServerUnreachableError)
    expect(network.visits).toHaveLength(1)
    for (let i = 0; i < 5; i++) await send().catch(() => undefined)
    expect(await dropped()).toEqual([])
  })

  it('removes a hop that is not found, keeps its guard, and gets through', async () => {
    let lost = ''
    failFirst(1, 'guard', () => {
      const exitOfFirst = lostHop()
      lost = exitOfFirst
      return plain(502, `Next node not found: ${exitOfFirst}`, 'Bad Gateway')
    })
    let path: readonly OnionNode[] = []
    const lostHop = (): string => path[1]?.ed25519 ?? ''
    const onEvent = (event: SendEvent): void => {
      if (event.kind === 'sent' && path.length === 0) path = event.path.nodes
    }
    await expect(send({ onEvent })).resolves.toBe('served')
    expect(lost).toHaveLength(64)
    expect(await dropped()).toEqual([lost])
  })

  it('does not believe a hop that accuses a node which is not on the path', async () => {
    failFirst(1, 'guard', ({ node }) => {
      const stranger = nodes.find((other) => other !== node && !onFirstPath.includes(other.ed25519))
      return plain(502, `Next node not found: ${stranger?.ed25519 ?? ''}`, 'Bad Gateway')
    })
    let onFirstPath: readonly string[] = []
    const onEvent = (event: SendEvent): void => {
      if (event.kind === 'sent' && onFirstPath.length === 0) onFirstPath = event.path.nodes.map((node) => node.ed25519)
    }
    await expect(send({ onEvent })).resolves.toBe('served')
    expect(await dropped()).toEqual([])
  })

  it('gives a hop that is only unreachable three chances', async () => {
    const bad = nodes[5]?.ed25519 ?? ''
    network.interfere = ({ node, role }) =>
      role !== 'guard' && node.ed25519 === bad ? plain(502, `Next node is currently unreachable: ${bad}`) : undefined
    for (let i = 0; i < 30; i++) await expect(send()).resolves.toBe('served')
    expect(await dropped()).not.toContain(nodes.find((node) => node.ed25519 !== bad)?.ed25519)
    expect((await dropped()).every((name) => name === bad)).toBe(true)
  })

  it.each([
    [400, 'Invalid ciphertext'],
    [421, '{"snodes":[]}'],
    [500, 'Invalid response from snode'],
    [503, 'Service node is not ready: shutting down'],
    [504, 'Request time out'],
  ])('takes another path after %i %p', async (status, body) => {
    failFirst(1, 'middle', () => plain(status, body))
    await expect(send()).resolves.toBe('served')
    expect(network.visits[0]?.[0]?.node).not.toBe(network.visits[1]?.[0]?.node)
    expect(environment.pauses).toHaveLength(1)
  })

  it('takes another path when the guard does not answer', async () => {
    failFirst(1, 'guard', () => 'silence')
    await expect(send()).resolves.toBe('served')
    expect(network.visits).toHaveLength(2)
  })

  it('gives up after three tries and says why', async () => {
    failFirst(9, 'exit', () => plain(504, 'Request time out'))
    await expect(send()).rejects.toBeInstanceOf(PathFailedError)
    expect(network.visits).toHaveLength(3)
    failFirst(99, 'guard', () => 'silence')
    await expect(send()).rejects.toBeInstanceOf(TransportError)
  })

  it('drops a path with its guard at the third failure in a row', async () => {
    failFirst(99, 'guard', () => plain(500, 'x'))
    await send().catch(() => undefined)
    expect(await dropped()).toEqual([])
    await send().catch(() => undefined)
    const guards = network.visits.flatMap((trace) => trace[0]?.node.ed25519 ?? [])
    const failedOften = guards.filter((guard) => guards.filter((other) => other === guard).length >= 3)
    expect(failedOften).not.toEqual([])
    expect(await dropped()).toEqual(expect.arrayContaining(failedOften))
  })

  it.each([406, 425])(
    'tries again after a plain %i, which any hop could forge, and reports it in the end',
    async (status) => {
      failFirst(1, 'exit', () => plain(status, ''))
      await expect(send()).resolves.toBe('served')
      failFirst(99, 'exit', () => plain(status, ''))
      await expect(send()).rejects.toBeInstanceOf(ClockOutOfSyncError)
    },
  )

  it('aborts on a server fault', async () => {
    failFirst(9, 'exit', () => plain(500, 'Oxen Server error'))
    await expect(send()).rejects.toBeInstanceOf(ServerFaultError)
    expect(network.visits).toHaveLength(1)
  })

  it('waits for a busy guard without blame', async () => {
    for (let i = 0; i < 5; i++) {
      failFirst(network.visits.length + 2, 'guard', () => plain(503, 'Server busy, try again later'))
      await expect(send()).resolves.toBe('served')
    }
    expect(await dropped()).toEqual([])
  })

  it.each([
    ['empty', new Uint8Array()],
    ['short', Uint8Array.of(1)],
    ['garbled', new Uint8Array(200)],
  ])('tries again after an answer that is %s, without blame', async (_what, body) => {
    for (let i = 0; i < 4; i++) {
      failFirst(network.visits.length + 2, 'exit', () => ({ status: 200, body }))
      await expect(send()).resolves.toBe('served')
    }
    failFirst(99, 'exit', () => ({ status: 200, body }))
    await expect(send()).rejects.toBeInstanceOf(ReplyUnreadableError)
    expect(await dropped()).toEqual([])
  })

  it('sends nothing that nodes would refuse for its length', async () => {
    const body = new Uint8Array(MAX_ONION_BODY - 200)
    await expect(sender.sendToServer(server, { ...request, body })).rejects.toBeInstanceOf(RequestTooLargeError)
    expect(network.visits).toHaveLength(0)
  })

  it('keeps to the deadline', async () => {
    network.interfere = () => {
      environment.advance(6_000)
      return plain(500, 'x')
    }
    await expect(send({ deadlineMs: 10_000 })).rejects.toBeInstanceOf(DeadlineExceededError)
    expect(network.visits).toHaveLength(2)
  })

  it('stops when the caller aborts', async () => {
    const controller = new AbortController()
    network.interfere = () => {
      controller.abort()
      return plain(500, 'x')
    }
    await expect(send({ signal: controller.signal })).rejects.toBeInstanceOf(RequestAbortedError)
    expect(network.visits).toHaveLength(1)
  })
})

describe('OnionSender.sendToNode', () => {
  const [node] = nodes
  if (node === undefined) throw new Error('a node is needed')
  const rpc = { method: 'info', params: {} }

  it('calls a node through three others', async () => {
    network.answer = (sent, at) => ({ status: 200, body: { sent, at: at.port } })
    const reply = await sender.sendToNode(node, { method: 'retrieve', params: { pubkey: '05' } })
    expect(reply).toEqual({
      status: 200,
      body: { sent: { method: 'retrieve', params: { pubkey: '05' } }, at: node.port },
    })
    expect(network.visits[0]?.map((visit) => visit.role)).toEqual(['guard', 'middle', 'middle', 'destination'])
    expect(new Set(network.visits[0]?.map((visit) => visit.node)).size).toBe(4)
  })

  it.each([
    [401, 'no', UnauthorizedError],
    [406, '', ClockOutOfSyncError],
    [425, '', ClockOutOfSyncError],
    [400, 'bad', NodeRejectedError],
    [500, 'Oxen Server error', ServerFaultError],
    [421, { snodes: [] }, WrongSwarmError],
  ])('aborts on %i from the node', async (status, body, kind) => {
    network.answer = () => ({ status, body })
    await expect(sender.sendToNode(node, rpc)).rejects.toBeInstanceOf(kind)
    expect(network.visits).toHaveLength(1)
  })

  it('hands over a status that the caller allows', async () => {
    network.answer = () => ({ status: 401, body: 'no' })
    await expect(sender.sendToNode(node, { ...rpc, allowed: [401] })).resolves.toEqual({ status: 401, body: 'no' })
  })

  it('carries the swarm of a 421 and drops the node at the third', async () => {
    const swarm = nodes[4]?.ed25519 ?? ''
    network.answer = () => ({ status: 421, body: { snodes: [{ pubkey_ed25519: swarm }] } })
    for (let i = 0; i < 3; i++) await expect(sender.sendToNode(node, rpc)).rejects.toMatchObject({ swarm: [swarm] })
    expect(await dropped()).toEqual([node.ed25519])
  })

  it('tries again after a failure of the node and drops it at the third in a row', async () => {
    let calls = 0
    network.answer = () => ({ status: ++calls < 3 ? 503 : 200, body: 'x' })
    await expect(sender.sendToNode(node, rpc)).resolves.toMatchObject({ status: 200 })
    expect(await dropped()).toEqual([])
    network.answer = () => ({ status: 503, body: 'x' })
    await expect(sender.sendToNode(node, rpc)).rejects.toBeInstanceOf(NodeFailedError)
    expect(await dropped()).toEqual([node.ed25519])
  })

  it('leaves a node that failed to a caller who has others', async () => {
    network.answer = () => ({ status: 503, body: 'x' })
    const once = sender.sendToNode(node, { ...rpc, hasAlternatives: true })
    await expect(once).rejects.toBeInstanceOf(NodeFailedError)
    expect(network.visits).toHaveLength(1)
  })

  it('judges the parts of a batch', async () => {
    network.answer = () => ({
      status: 200,
      body: {
        results: [
          { code: 200, body: {} },
          { code: 401, body: 'no' },
        ],
      },
    })
    await expect(sender.sendToNode(node, { method: 'batch', params: {} })).rejects.toBeInstanceOf(UnauthorizedError)
  })

  it('removes a node that the destination does not find', async () => {
    const lost = nodes[7]?.ed25519 ?? ''
    network.answer = () => ({ status: 502, body: `Next node not found: ${lost}` })
    await expect(sender.sendToNode(node, rpc)).rejects.toBeInstanceOf(NextNodeError)
    expect(await dropped()).toEqual([lost])
  })

  it('gives up on a destination that the exit does not know', async () => {
    const [stranger] = fakeNodes(13).slice(12)
    if (stranger === undefined) throw new Error('a stranger is needed')
    await expect(sender.sendToNode(stranger, rpc)).rejects.toBeInstanceOf(NodeGoneError)
    expect(network.visits).toHaveLength(1)
    expect(await dropped()).toEqual([])
  })
})
