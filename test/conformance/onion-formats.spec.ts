import { describe, expect, it } from '@jest/globals'
import { type Crypto, CryptoError, DecryptionError, fromUtf8, type KeyPair, toHex, utf8 } from '#crypto'
import {
  buildOnionRequest,
  ControlError,
  decodeNodeReply,
  decodeServerReply,
  decryptLayer,
  deriveClientLayerKey,
  deriveServerLayerKey,
  encodeFrame,
  encodeNodeReply,
  encodeRelayMessage,
  encodeStreamMessage,
  encodeV4List,
  encodeV4Reply,
  encryptLayer,
  FrameError,
  INVALID_V4_REQUEST_TEXT,
  InvalidJsonError,
  InvalidUrlError,
  InvalidV4RequestError,
  isAllowedTarget,
  type LayerKey,
  layerLength,
  type OnionRequest,
  parseEncryptionType,
  parseFrame,
  parseGuardControl,
  parseLayerControl,
  parseRelayMessage,
  parseStreamMessage,
  parseV4Reply,
  parseV4Request,
  UnknownEncryptionTypeError,
} from '#protocol'
import {
  hex,
  implementations,
  type NegativeVector,
  type NodeVector,
  type OriginVector,
  type PathVector,
  vectors,
} from '#protocol/onion/vectors.suite'

const EXPECTED_CASES = {
  layers: 24,
  framing: 3,
  paths: 7,
  v4_payloads: 14,
  target_filter: 11,
  negative: 45,
  negative_replies: 3,
  origin: 20,
}

function keyPair(node: { readonly x25519_private: string; readonly x25519_public: string }): KeyPair {
  return { privateKey: hex(node.x25519_private), publicKey: hex(node.x25519_public) }
}

describe('the vector file', () => {
  it.each(Object.entries(EXPECTED_CASES))('has every case of %s', (member, count) => {
    expect(vectors[member as keyof typeof EXPECTED_CASES]).toHaveLength(count)
  })

  it('has every name and every stream message', () => {
    expect(Object.keys(vectors.enc_type_names.accepted)).toHaveLength(6)
    expect(vectors.enc_type_names.rejected).toHaveLength(5)
    expect(Object.keys(vectors.quic_request_stream).sort()).toEqual(['command', 'error', 'note', 'success'])
  })
})

describe('encryption type names', () => {
  it.each(Object.entries(vectors.enc_type_names.accepted))('%s means %s', (name, type) => {
    expect(parseEncryptionType(name)).toBe(type)
  })

  it('an absent name means the default', () => {
    expect(parseEncryptionType(undefined)).toBe(vectors.enc_type_names.default_when_absent)
  })

  it.each(vectors.enc_type_names.rejected)('%j is refused', (name) => {
    expect(() => parseEncryptionType(name)).toThrow(new UnknownEncryptionTypeError(name))
    expect(() => parseEncryptionType(name)).toThrow(`Invalid encryption type ${name}`)
  })
})

describe.each(vectors.framing)('frame $name', ({ blob, control, framed }) => {
  it('is encoded byte for byte', () => {
    expect(toHex(encodeFrame(hex(blob), control))).toBe(framed)
  })

  it('is parsed into blob and control', () => {
    const frame = parseFrame(hex(framed))
    expect(toHex(frame.blob)).toBe(blob)
    expect(fromUtf8(frame.control)).toBe(control)
  })
})

describe.each(vectors.target_filter)('target $target', ({ target, allowed }) => {
  it(allowed ? 'is allowed' : 'is refused', () => {
    expect(isAllowedTarget(target)).toBe(allowed)
  })
})

describe.each(vectors.v4_payloads)('v4 payload $name', (vector) => {
  if (vector.valid) {
    const body = vector.body === null ? undefined : hex(vector.body)

    it('is encoded byte for byte', () => {
      expect(toHex(encodeV4List(vector.meta, body))).toBe(vector.encoded)
    })

    it('is parsed', () => {
      const request = parseV4Request(hex(vector.encoded))
      const { method, endpoint } = JSON.parse(vector.meta) as { method: string; endpoint: string }
      expect(request).toMatchObject({ method, endpoint })
      expect(request.body).toEqual(body)
    })
  } else {
    it('is refused', () => {
      expect(() => parseV4Request(hex(vector.encoded))).toThrow(InvalidV4RequestError)
    })

    it('is answered as specified', () => {
      const reply = encodeV4Reply(vector.reply_plaintext_meta, utf8(INVALID_V4_REQUEST_TEXT))
      expect(fromUtf8(parseV4Reply(reply).body)).toBe(vector.reply_plaintext_body)
      expect(parseV4Reply(reply)).toMatchObject(vector.reply_plaintext_meta)
    })
  }
})

describe('the request stream', () => {
  const direct = vectors.paths.find(({ name }) => name === 'snode-direct')

  it('encodes and parses a command', () => {
    const body = hex(direct?.guard_http.body)
    const encoded = encodeStreamMessage({ kind: 'command', id: 7, endpoint: 'onion_req', body })
    expect(toHex(encoded)).toBe(vectors.quic_request_stream.command)
    const message = { kind: 'command', id: 7, endpoint: 'onion_req', body }
    expect(parseStreamMessage(encoded)).toEqual({ message, length: encoded.length })
  })

  it.each(['success', 'error'] as const)('parses and encodes %s', (kind) => {
    const encoded = hex(vectors.quic_request_stream[kind])
    const parsed = parseStreamMessage(encoded)
    expect(parsed?.message).toMatchObject({ kind, id: 7 })
    expect(parsed && encodeStreamMessage(parsed.message)).toEqual(encoded)
  })

  it('carries the bytes of the HTTP reply as success', () => {
    const parsed = parseStreamMessage(hex(vectors.quic_request_stream.success))
    expect(parsed && fromUtf8(parsed.message.body)).toBe(direct?.reply.wire)
  })
})

describe.each(implementations)('with %s crypto', (_, crypto) => {
  describe.each(vectors.layers)('layer $name', (vector) => {
    const type = parseEncryptionType(vector.enc_type)
    const client = { privateKey: hex(vector.client_private), publicKey: hex(vector.client_public) }
    const server = { privateKey: hex(vector.server_private), publicKey: hex(vector.server_public) }

    it('has the same key on both sides', () => {
      expect(toHex(deriveServerLayerKey(crypto, type, server, client.publicKey).key)).toBe(vector.symmetric_key)
      expect(toHex(deriveClientLayerKey(crypto, type, client, server.publicKey).key)).toBe(vector.symmetric_key)
      expect(toHex(crypto.x25519.sharedSecret(client.privateKey, server.publicKey))).toBe(vector.shared_secret)
    })

    it('is encrypted and decrypted byte for byte', () => {
      const layerKey: LayerKey = { type, key: hex(vector.symmetric_key) }
      const plaintext = hex(vector.plaintext)
      expect(toHex(encryptLayer(crypto, layerKey, plaintext, hex(vector.nonce)))).toBe(vector.ciphertext)
      expect(decryptLayer(crypto, layerKey, hex(vector.ciphertext))).toEqual(plaintext)
      expect(layerLength(type, plaintext.length)).toBe(plaintext.length + vector.overhead)
    })
  })

  describe.each(vectors.paths)('path $name', (vector) => {
    it('is built byte for byte from the fixed keys and nonces', () => {
      const { body, replyKey } = build(crypto, vector)
      expect(body.length).toBe(vector.guard_http.length)
      expect(toHex(body)).toBe(vector.guard_http.body)
      expect(toHex(replyKey.key)).toBe(vector.reply.symmetric_key)
    })

    it.each(vector.layers_inside_out.map((layer, order) => ({ order, layer })))(
      'has layer $order as given',
      ({ layer }) => {
        const type = parseEncryptionType(layer.enc_type)
        const layerKey = { type, key: hex(layer.symmetric_key) }
        expect(toHex(encryptLayer(crypto, layerKey, hex(layer.plaintext), hex(layer.nonce)))).toBe(layer.ciphertext)
        expect(toHex(decryptLayer(crypto, layerKey, hex(layer.ciphertext)))).toBe(layer.plaintext)
        if (layer.control_json !== null) {
          expect(fromUtf8(parseFrame(hex(layer.plaintext)).control)).toBe(layer.control_json)
        }
      },
    )

    it('shows every hop what the trace says', () => {
      expect(fromUtf8(parseFrame(hex(vector.guard_http.body)).control)).toBe(vector.guard_control_json)
      let layer = enter(hex(vector.guard_http.body))
      let seen = 0
      for (const [index, step] of vector.trace_guard_to_end.entries()) {
        const node = nodeNamed(vector, step.node)
        const opened = openLayer(crypto, node, layer)
        const { blob, control } = parseFrame(opened.plaintext)
        const dispatched = parseLayerControl(control)
        seen++
        if (step.kind === 'relay') {
          if (dispatched.kind !== 'relay') throw new Error('this hop should relay')
          expect(dispatched.destination).toBe(step.next_node_ed25519)
          expect(toHex(dispatched.ephemeralKey)).toBe(step.next_ephemeral_key)
          expect(dispatched.encryptionType).toBe(parseEncryptionType(step.next_enc_type))
          expect(toHex(blob)).toBe(step.forwarded_payload)
          const message = { ...dispatched, data: blob, hopNumber: index + 1 }
          expect(toHex(encodeRelayMessage(message))).toBe(step.omq_body)
          const received = parseRelayMessage(hex(step.omq_body))
          expect(received.hopNumber).toBe(index + 1)
          layer = { ...received, blob: received.data }
        } else if (step.kind === 'proxy') {
          if (dispatched.kind !== 'server') throw new Error('this hop should post to a server')
          const { protocol, host, port, target } = dispatched
          expect(new URL(`${protocol}://${host}:${port}${target}`).href).toBe(step.url)
          expect(toHex(opened.plaintext)).toBe(step.post_body)
          expectServerSees(crypto, vector, opened.plaintext)
        } else {
          expect(dispatched).toEqual({ kind: 'destination', json: step.json, base64: step.base64 })
          expect(fromUtf8(blob)).toBe(step.rpc_body)
          expect(step.rpc_body).toBe(vector.rpc_request)
        }
      }
      expect(seen).toBe(vector.destination.type === 'server' ? vector.hops.length : vector.hops.length + 1)
    })

    it('gives the reply byte for byte and reads it back', () => {
      const { reply } = vector
      const layerKey = { type: parseEncryptionType(reply.enc_type), key: hex(reply.symmetric_key) }
      const sealed = encryptLayer(crypto, layerKey, utf8(reply.plaintext_text), hex(reply.nonce))
      expect(toHex(sealed)).toBe(reply.ciphertext)
      if (vector.v4_reply !== undefined) {
        expect(toHex(encodeV4List(vector.v4_reply.meta, hex(vector.v4_reply.body)))).toBe(reply.plaintext)
        const answer = decodeServerReply(crypto, layerKey, hex(reply.wire))
        expect(answer).toMatchObject(JSON.parse(vector.v4_reply.meta) as object)
        expect(toHex(answer.body)).toBe(vector.v4_reply.body)
        return
      }
      const plain = JSON.parse(reply.plaintext_text) as { body: unknown; status: number }
      const base64 = reply.wire_encoding === 'base64'
      const json = typeof plain.body !== 'string'
      const body: unknown = typeof plain.body === 'string' ? JSON.parse(plain.body) : plain.body
      const wire = base64 ? utf8(reply.wire) : hex(reply.wire)
      const form = { json, base64, nonce: hex(reply.nonce) }
      expect(encodeNodeReply(crypto, layerKey, { status: plain.status, body }, form)).toEqual(wire)
      expect(decodeNodeReply(crypto, layerKey, wire)).toEqual({ status: plain.status, body })
    })
  })

  describe.each(vectors.negative)('wrong request $name', (vector) => {
    it('gets the specified answer', () => {
      expectAnswer(crypto, vector)
    })
  })

  describe.each(vectors.negative_replies)('wrong reply $name', ({ ciphertext, symmetric_key, enc_type }) => {
    it('is refused', () => {
      const layerKey = { type: parseEncryptionType(enc_type), key: hex(symmetric_key) }
      expect(() => decryptLayer(crypto, layerKey, hex(ciphertext))).toThrow(DecryptionError)
      expect(() => decodeServerReply(crypto, layerKey, hex(ciphertext))).toThrow(DecryptionError)
      expect(() => decodeNodeReply(crypto, layerKey, hex(ciphertext))).toThrow(DecryptionError)
    })
  })

  describe.each(vectors.origin.map((vector, number) => ({ number, vector })))(
    'published value $number, $vector.name',
    ({ vector }) => {
      it('is reproduced', () => {
        expectOrigin(crypto, vector)
      })
    },
  )
})

interface SealedLayer {
  readonly blob: Uint8Array
  readonly ephemeralKey: Uint8Array
  readonly encryptionType: LayerKey['type']
}

function enter(body: Uint8Array): SealedLayer {
  const { blob, control } = parseFrame(body)
  return { ...parseGuardControl(control), blob }
}

function openLayer(crypto: Crypto, keys: KeyPair, layer: SealedLayer): { plaintext: Uint8Array; layerKey: LayerKey } {
  const layerKey = deriveServerLayerKey(crypto, layer.encryptionType, keys, layer.ephemeralKey)
  return { layerKey, plaintext: decryptLayer(crypto, layerKey, layer.blob) }
}

function nodeNamed({ hops, destination }: PathVector, label: string): KeyPair {
  const nodes = destination.type === 'snode' ? [...hops, destination] : hops
  const node = nodes.find((candidate) => candidate.label === label)
  if (node === undefined) throw new Error('the trace names an unknown node')
  return keyPair(node)
}

function build(crypto: Crypto, vector: PathVector): OnionRequest {
  const { destination, layers_inside_out: layers } = vector
  const x25519 = hex(destination.x25519_public)
  const style = vector.style === 'js' ? 'desktop' : 'library'
  // The control of this one path asks for a form of reply that no client asks for.
  const own = vector.name === 'snode-embedded-binary' ? layers[0]?.control_json : undefined
  const control = typeof own === 'string' ? { control: own } : {}
  return buildOnionRequest(crypto, {
    path: vector.hops.map((hop) => ({ ed25519: hop.ed25519_public, x25519: hex(hop.x25519_public) })),
    destination:
      destination.type === 'server'
        ? { kind: 'server', ...destination, x25519 }
        : { kind: 'node', ed25519: destination.ed25519_public, x25519, ...control },
    payload: hex(vector.inner_plaintext),
    encryptionType: parseEncryptionType(layers[0]?.enc_type),
    style,
    fixed: {
      ephemerals: layers.map((layer) => ({
        privateKey: hex(layer.ephemeral_private),
        publicKey: hex(layer.ephemeral_public),
      })),
      nonces: layers.map((layer) => hex(layer.nonce)),
      encryptionNames: layers.map((layer) => layer.enc_type),
    },
  })
}

function expectServerSees(
  crypto: Crypto,
  { server_sees, destination, v4_request }: PathVector,
  posted: Uint8Array,
): void {
  if (server_sees === undefined || v4_request === undefined) {
    throw new Error('the vector does not say what the server sees')
  }
  const { plaintext } = openLayer(crypto, keyPair(destination), enter(posted))
  expect(toHex(parseFrame(posted).blob)).toBe(server_sees.frame_blob)
  expect(JSON.parse(fromUtf8(parseFrame(posted).control) ?? '')).toEqual(server_sees.frame_control)
  expect(toHex(plaintext)).toBe(server_sees.decrypted)
  const request = parseV4Request(plaintext)
  const { method, endpoint } = JSON.parse(v4_request.meta) as { method: string; endpoint: string }
  expect(request).toMatchObject({ method, endpoint })
  expect(request.body === undefined ? null : toHex(request.body)).toBe(v4_request.body)
}

/** What a node does with a request, as far as the formats decide it (onion requests §6.1, §6.2). */
function answer(crypto: Crypto, keys: KeyPair, body: Uint8Array): { text: string; layerKey?: LayerKey } {
  let layer: SealedLayer
  try {
    layer = enter(body)
  } catch (error) {
    if (error instanceof FrameError || error instanceof ControlError) {
      return { text: `Error parsing onion request: ${error.message}` }
    }
    throw error
  }
  let opened: { plaintext: Uint8Array; layerKey: LayerKey }
  try {
    opened = openLayer(crypto, keys, layer)
  } catch (error) {
    if (error instanceof DecryptionError) return { text: 'Invalid ciphertext' }
    throw error
  }
  try {
    parseLayerControl(parseFrame(opened.plaintext).control)
  } catch (error) {
    if (error instanceof FrameError || error instanceof InvalidJsonError || error instanceof InvalidUrlError) {
      return { text: error instanceof FrameError ? 'Invalid json' : error.message, layerKey: opened.layerKey }
    }
    throw error
  }
  throw new Error('the request was accepted')
}

function expectAnswer(crypto: Crypto, vector: NegativeVector): void {
  const hop = vectors.paths.flatMap(({ hops }) => hops).find(({ label }) => label === vector.node)
  const { text, layerKey } = answer(crypto, keyPair(hop as NodeVector), hex(vector.guard_http_body))
  if (vector.expect.encrypted_for_this_hop) {
    if (layerKey === undefined) throw new Error('the answer should be encrypted')
    expect(toHex(layerKey.key)).toBe(vector.reply_key)
    const wire = encodeNodeReply(crypto, layerKey, { status: 400, body: text }, { json: false, base64: false })
    expect(fromUtf8(decryptLayer(crypto, layerKey, wire))).toBe(vector.expect.inner_plaintext)
  } else {
    expect(layerKey).toBeUndefined()
    if (vector.expect.body !== undefined) expect(text).toBe(vector.expect.body)
    else expect(text.startsWith(vector.expect.body_prefix ?? 'no text given')).toBe(true)
  }
}

function expectOrigin(crypto: Crypto, vector: OriginVector): void {
  if (vector.framed !== undefined) expectFrame(crypto, vector)
  else if (vector.ciphertext !== undefined) expectHop(crypto, vector)
  else if (vector.x25519_private !== undefined) {
    expect(toHex(crypto.x25519.publicKey(hex(vector.x25519_private)))).toBe(vector.x25519_public)
  } else if (vector.overhead !== undefined) {
    const lengths = Object.keys(vector.overhead).map((name) => [name, layerLength(parseEncryptionType(name), 19) - 19])
    expect(Object.fromEntries(lengths)).toEqual(vector.overhead)
  } else if (vector.target !== undefined) expect(isAllowedTarget(vector.target)).toBe(vector.allowed)
  else if (vector.encoded_text !== undefined) {
    const { method, endpoint, headers, body } = parseV4Request(utf8(vector.encoded_text))
    expect(headers).toHaveProperty('some-header')
    const metadata = JSON.stringify({ method, endpoint, headers: { 'Some-Header': headers['some-header'] } })
    expect(fromUtf8(encodeV4List(metadata, body))).toBe(vector.encoded_text)
  } else throw new Error('an unknown kind of published value')
}

function originKeys(vector: OriginVector): { server: KeyPair; client: KeyPair } {
  return {
    server: { privateKey: hex(vector.server_private), publicKey: hex(vector.server_public) },
    client: { privateKey: hex(vector.client_private), publicKey: hex(vector.client_public) },
  }
}

function expectHop(crypto: Crypto, vector: OriginVector): void {
  const { server, client } = originKeys(vector)
  const layerKey = deriveServerLayerKey(crypto, parseEncryptionType(vector.enc_type), server, client.publicKey)
  const open = () => decryptLayer(crypto, layerKey, hex(vector.ciphertext))
  if (vector.plaintext_text === null) expect(open).toThrow(CryptoError)
  else expect(fromUtf8(open())).toBe(vector.plaintext_text)
}

function expectFrame(crypto: Crypto, vector: OriginVector): void {
  const { server, client } = originKeys(vector)
  const layer = enter(hex(vector.framed))
  const { plaintext, layerKey } = openLayer(crypto, server, layer)
  expect(fromUtf8(plaintext)).toBe(vector.plaintext_text)
  expect(toHex(layerKey.key)).toBe(vector.reply_symmetric_key)
  expect(deriveClientLayerKey(crypto, layer.encryptionType, client, server.publicKey)).toEqual(layerKey)
  expect(layerLength(layer.encryptionType, 100)).toBe(100 + (vector.reply_overhead ?? Number.NaN))
}
