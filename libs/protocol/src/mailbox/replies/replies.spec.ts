import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromUtf8, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { decodeBencode } from '../../bencode/index.ts'
import {
  activeNodesBinReply,
  errorReply,
  failedSwarmEntry,
  replyBencode,
  replyJson,
  retrieveReply,
  RpcError,
  storeEntries,
  storeReply,
  SwarmMap,
  swarmBody,
  swarmReply,
  toBase64,
  WireBytes,
  WireNodes,
  wireToBencode,
  wireToJson,
  wireToJsonText,
  type WireValue,
  wrongSwarm,
} from '../index.ts'

const context = { now: 1_700_000_000_000, hardFork: [19, 4] } as const
const signers = [1, 2].map((fill) => nativeCrypto.ed25519.createSigner(new Uint8Array(32).fill(fill)))
const [entry] = signers
const hash = 'A'.repeat(43)

describe('replies', () => {
  it('say the same in bencode with raw bytes and 0 or 1 for booleans', () => {
    if (entry === undefined) throw new Error('no signer')
    const reply = storeReply(
      hash,
      storeEntries(signers, { hash, expiry: 5, wasStored: true }),
      entry.publicKey,
      context,
    )
    const dict = decodeBencode(replyBencode(reply)) as ReadonlyMap<string, unknown>
    const swarm = dict.get('swarm') as ReadonlyMap<string, ReadonlyMap<string, unknown>>
    const json = replyJson(reply) as { swarm: Record<string, { signature: string; t?: number }> }
    expect(swarm.size).toBe(2)
    for (const signer of signers) {
      const raw = swarm.get(String.fromCharCode(...signer.publicKey))
      const text = json.swarm[toHex(signer.publicKey)]
      expect(toBase64(raw?.get('signature') as Uint8Array)).toBe(text?.signature)
      expect(raw?.get('already')).toBe(1)
      expect(raw?.get('t')).toBe(signer === entry ? context.now : undefined)
      expect(text?.t).toBe(signer === entry ? context.now : undefined)
    }
  })

  it('give data in base64 or raw', () => {
    const message = { hash, timestamp: 1, expiry: 2, data: Uint8Array.of(0, 255) }
    const reply = retrieveReply([message], true, context)
    expect(replyJson(reply)).toEqual({
      messages: [{ hash, timestamp: 1, expiration: 2, data: 'AP8=' }],
      more: true,
      t: context.now,
      hf: [19, 4],
    })
    const text = String.fromCharCode(...replyBencode(reply))
    expect(text).toContain('4:data2:\u0000\u00ff')
    expect(text).toContain('4:morei1e')
  })

  it('say why a node has no result', () => {
    const node = new Uint8Array(32)
    const entries = [
      failedSwarmEntry(node, { kind: 'timeout' }),
      failedSwarmEntry(
        node.map(() => 1),
        { kind: 'refused', status: 401, text: 'no' },
      ),
      failedSwarmEntry(
        node.map(() => 2),
        { kind: 'bad_peer_response' },
      ),
      failedSwarmEntry(
        node.map(() => 3),
        { kind: 'query_failure' },
      ),
      failedSwarmEntry(
        node.map(() => 4),
        { kind: 'query_failure', reason: 'full' },
      ),
    ]
    const { swarm } = replyJson(swarmReply(entries, context)) as { swarm: Record<string, unknown> }
    expect(Object.values(swarm)).toEqual([
      { failed: true, timeout: true },
      { failed: true, code: '401', reason: 'no' },
      { failed: true, bad_peer_response: true },
      { failed: true, query_failure: true },
      { failed: true, query_failure: true, reason: 'full' },
    ])
  })

  it('name the swarm of an account, or none', () => {
    const error = wrongSwarm(swarmBody(undefined, [], context))
    expect(errorReply(error)).toEqual({
      status: 421,
      body: { snodes: [], swarm: 'f'.repeat(16), t: context.now, hf: [19, 4] },
    })
    expect(new SwarmMap([]).ids).toEqual([])
  })

  it('give the node list in base64 and errors as texts', () => {
    expect(replyJson(activeNodesBinReply([]))).toBe('')
    expect(replyJson(errorReply(new RpcError(400, 'text')))).toBe('text')
    expect(fromUtf8(wireToBencode({ b: 1n, a: ['x', false, new WireBytes(Uint8Array.of(97), 'hex')] }))).toBe(
      'd1:al1:xi0e1:ae1:bi1ee',
    )
  })

  it('do not quote the request in the message of an error', () => {
    const error = new RpcError(400, `invalid request: invalid message hash: ${hash}`)
    expect(`${error.message} ${error.stack ?? ''}`).not.toContain(hash)
    expect(error.code).toBe('MAILBOX_REQUEST_REFUSED')
  })

  it('has the same text whether it is written at once or by way of objects', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.bigInt({ min: 0n, max: 2n ** 53n }),
      fc.uint8Array().chain((bytes) => fc.constantFrom(new WireBytes(bytes, 'hex'), new WireBytes(bytes, 'base64'))),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((node) => new WireNodes([[node, { n: 1 }]])),
    )
    const { value } = fc.letrec<{ value: WireValue }>((tie) => ({
      value: fc.oneof(leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('value'))),
    }))
    fc.assert(
      fc.property(value, (one) => {
        expect(JSON.parse(wireToJsonText(one))).toEqual(JSON.parse(JSON.stringify(wireToJson(one))))
      }),
    )
    const daemon = { result: { height: 1.5, nothing: null, absent: undefined, 'a "name"': [] } } as unknown as WireValue
    expect(wireToJsonText(daemon)).toBe(JSON.stringify(daemon))
  })
})
