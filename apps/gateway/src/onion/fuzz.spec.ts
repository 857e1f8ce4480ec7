import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { decodeNodeReply, encodeFrame, type EncryptionType } from '#protocol'
import { guardRequest, nodeAt, nodeRequest, send, startTestGateway, type TestGateway } from '../testing.suite.ts'

const RUNS = { numRuns: 150 }
const TYPES: readonly EncryptionType[] = ['aes-cbc', 'aes-gcm', 'xchacha20']

let running: TestGateway
beforeAll(async () => {
  running = await startTestGateway()
})
afterAll(async () => {
  expect(await running.metrics.text()).not.toMatch(/failures_total\{part="(door|storage-rpc)"\}/)
  await running.stop()
})

async function statusOf(path: string, body: Uint8Array): Promise<number> {
  return (await send(`${running.http(0)}${path}`, { body })).status
}

/** Bytes with some of them replaced, cut off or repeated. */
const mutation = fc.record({
  flips: fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { maxLength: 4 }),
  cut: fc.option(fc.nat()),
  tail: fc.uint8Array({ maxLength: 8 }),
})

function mutate(
  bytes: Uint8Array,
  { flips, cut, tail }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): Uint8Array {
  const copy = Buffer.from(bytes)
  for (const { at, bit } of flips) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit)
  const kept = cut === null ? copy : copy.subarray(0, cut % (copy.length + 1))
  return Buffer.concat([kept, tail])
}

describe('whatever a client sends', () => {
  it('random bytes never break a node', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
        expect(await statusOf('/onion_req/v2', body)).toBe(400)
      }),
      RUNS,
    )
  })

  it.each(['tls', 'http'] as const)('any bytes reach the core as they are through the plain %s door', async (door) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(2), fc.boolean(), async (body, index, chunked) => {
        const reply = await send(`${running[door](index)}/storage_rpc/v1`, { body, chunked })
        expect([reply.status, JSON.parse(reply.text)]).toEqual([200, echoOf(index, body)])
      }),
      RUNS,
    )
  })

  it('any bytes reach the core as they are through an onion', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(...TYPES),
        fc.boolean(),
        fc.boolean(),
        async (rpc, type, json, base64) => {
          const control = JSON.stringify({ headers: '', json, base64 })
          const { body, key } = guardRequest(nodeAt(running, 0), encodeFrame(rpc, control), { type })
          const reply = await send(`${running.http(0)}/onion_req/v2`, { body })
          expect(decodeNodeReply(nativeCrypto, key, reply.body)).toEqual({ status: 200, body: echoOf(0, rpc) })
        },
      ),
      RUNS,
    )
  })

  it('a mutated valid request is answered or refused', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, fc.integer({ min: 1, max: 3 }), async (change, hops) => {
        const path = Array.from({ length: hops }, (_, hop) => nodeAt(running, hop))
        const { body } = nodeRequest(path, '{"method":"info","params":{}}')
        expect([200, 400, 502]).toContain(await statusOf('/onion_req/v2', mutate(body, change)))
      }),
      RUNS,
    )
  })

  it('a layer with anything inside is answered or refused', async () => {
    const control = fc.oneof(
      fc.json(),
      fc
        .record(
          {
            headers: fc.jsonValue(),
            json: fc.jsonValue(),
            base64: fc.jsonValue(),
            host: fc.oneof(
              fc.jsonValue(),
              fc.constantFrom('localhost', '[::1]', 'a b', '', '..', 'filev2.getsession.org'),
            ),
            target: fc.oneof(fc.jsonValue(), fc.constantFrom('/oxen/v4/lsrpc', '/oxen/\r\n/lsrpc', '/loki/é/lsrpc')),
            protocol: fc.oneof(fc.jsonValue(), fc.constantFrom('http', 'https')),
            port: fc.oneof(fc.jsonValue(), fc.nat(70_000)),
            destination: fc.oneof(fc.jsonValue(), fc.constantFrom('00'.repeat(32), nodeKey(1))),
            ephemeral_key: fc.oneof(fc.jsonValue(), fc.constantFrom('00'.repeat(32), '11'.repeat(32))),
            enc_type: fc.oneof(fc.jsonValue(), fc.constantFrom(...TYPES)),
          },
          { requiredKeys: [] },
        )
        .map((members) => JSON.stringify(members)),
    )
    await fc.assert(
      fc.asyncProperty(
        control,
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(...TYPES),
        async (text, blob, type) => {
          const length = Buffer.alloc(4)
          length.writeUInt32LE(blob.length)
          const plaintext = Buffer.concat([length, blob, Buffer.from(text)])
          const { body } = guardRequest(nodeAt(running, 0), plaintext, { type })
          expect([200, 400, 502]).toContain(await statusOf('/onion_req/v2', body))
        },
      ),
      RUNS,
    )
  })
})

/** What the storage RPC of the tests answers. */
function echoOf(index: number, rpc: Uint8Array): unknown {
  return { node: nodeAt(running, index).record.pubkeyEd25519, text: toHex(rpc) }
}

/** The keys of the test nodes do not depend on the gateway, which starts later than properties are declared. */
function nodeKey(index: number): string {
  return nodeAt(running, index).record.pubkeyEd25519
}
