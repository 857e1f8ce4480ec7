import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Crypto, InvalidPublicKeyError, type KeyPair, toHex, utf8 } from '#crypto'
import {
  buildOnionRequest,
  type ControlStyle,
  decodeNodeReply,
  decryptLayer,
  deriveServerLayerKey,
  encodeNodeReply,
  type EncryptionType,
  LAYER_PIECE_LENGTH,
  type LayerKey,
  parseFrame,
  parseGuardControl,
  parseLayerControl,
} from './index.ts'
import { implementations } from './vectors.suite.ts'

const STYLES: readonly ControlStyle[] = ['desktop', 'library']
const TYPES: readonly EncryptionType[] = ['aes-cbc', 'aes-gcm', 'xchacha20']

interface TestNode {
  readonly ed25519: string
  readonly keys: KeyPair
}

function createNodes(crypto: Crypto, count: number): TestNode[] {
  return Array.from({ length: count }, () => ({
    ed25519: toHex(crypto.randomBytes(32)),
    keys: crypto.x25519.generateKeyPair(),
  }))
}

const addressOf = ({ ed25519, keys }: TestNode) => ({ ed25519, x25519: keys.publicKey })

/** Peels every layer; gives the innermost plaintext and the key of each layer, guard first. */
function peel(
  crypto: Crypto,
  nodes: readonly TestNode[],
  body: Uint8Array,
): { plaintext: Uint8Array; keys: LayerKey[] } {
  let { blob, control } = parseFrame(body)
  let next = parseGuardControl(control)
  const keys: LayerKey[] = []
  for (const [index, node] of nodes.entries()) {
    const key = deriveServerLayerKey(crypto, next.encryptionType, node.keys, next.ephemeralKey)
    const plaintext = decryptLayer(crypto, key, blob)
    keys.push(key)
    const following = nodes[index + 1]
    if (following === undefined) return { plaintext, keys }
    ;({ blob, control } = parseFrame(plaintext))
    const dispatched = parseLayerControl(control)
    if (dispatched.kind === 'server') {
      next = parseGuardControl(control)
      continue
    }
    if (dispatched.kind !== 'relay') throw new Error('the path ends too early')
    expect(dispatched.destination).toBe(following.ed25519)
    next = { ...dispatched, hopNumber: 0 }
  }
  throw new Error('no node to peel for')
}

describe.each(implementations)('buildOnionRequest with %s crypto', (_, crypto) => {
  it('reaches a node over any path, and the node can answer', () => {
    const form = { json: false, base64: true }
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(...TYPES),
        fc.constantFrom(...STYLES),
        fc.uint8Array({ maxLength: 100 }),
        (hops, encryptionType, style, payload) => {
          const nodes = createNodes(crypto, hops + 1)
          const [destination, ...path] = [...nodes].reverse().map(addressOf)
          if (destination === undefined) throw new Error('no destination')
          const request = buildOnionRequest(crypto, {
            path: path.reverse(),
            destination: { kind: 'node', ...destination },
            payload,
            encryptionType,
            style,
          })
          const { plaintext, keys } = peel(crypto, nodes, request.body)
          const { blob, control } = parseFrame(plaintext)
          expect(blob).toEqual(payload)
          expect(parseLayerControl(control)).toEqual({ kind: 'destination', ...form })
          const key = keys.at(-1) as LayerKey
          const wire = encodeNodeReply(crypto, key, { status: 200, body: { a: [1] } }, form)
          expect(decodeNodeReply(crypto, request.replyKey, wire)).toEqual({ status: 200, body: { a: [1] } })
        },
      ),
      { numRuns: 15 },
    )
  })

  it.each(TYPES)('carries a payload of several pieces to a server with %s', (encryptionType) => {
    const payload = new Uint8Array(2 * LAYER_PIECE_LENGTH + 3).map((_, i) => i & 0xff)
    const nodes = createNodes(crypto, 4)
    const server = nodes[3] as TestNode
    const { body, replyKey } = buildOnionRequest(crypto, {
      path: nodes.slice(0, 3).map(addressOf),
      destination: {
        kind: 'server',
        host: 'files.example',
        target: '/oxen/v4/lsrpc',
        protocol: 'https',
        port: 443,
        x25519: server.keys.publicKey,
      },
      payload,
      encryptionType,
      style: 'library',
    })
    const { plaintext, keys } = peel(crypto, nodes, body)
    expect(Buffer.compare(plaintext, payload)).toBe(0)
    expect(keys[3]).toEqual(replyKey)
    expect(new Set(keys.map(({ key }) => toHex(key))).size).toBe(4)
  })

  it('takes one memory of the size of the body', () => {
    const nodes = createNodes(crypto, 2)
    const [guard, destination] = nodes.map(addressOf)
    if (guard === undefined || destination === undefined) throw new Error('no nodes')
    const payload = new Uint8Array(1_000)
    const { body } = buildOnionRequest(crypto, {
      path: [guard],
      destination: { kind: 'node', ...destination },
      payload,
      encryptionType: 'aes-gcm',
      style: 'desktop',
    })
    expect([body.byteOffset, body.buffer.byteLength]).toEqual([0, body.length])
  })

  it('refuses a server without a path and a key of low order', () => {
    const destination = { host: 'a.example', target: '/oxen/v4/lsrpc', protocol: 'http', port: 80 } as const
    const common = { payload: utf8('x'), encryptionType: 'aes-gcm', style: 'desktop' } as const
    const x25519 = new Uint8Array(32)
    const server = { kind: 'server', ...destination, x25519 } as const
    expect(() => buildOnionRequest(crypto, { path: [], destination: server, ...common })).toThrow(RangeError)
    const path = createNodes(crypto, 1).map(addressOf)
    expect(() => buildOnionRequest(crypto, { path, destination: server, ...common })).toThrow(InvalidPublicKeyError)
  })
})
