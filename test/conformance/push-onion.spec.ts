import { afterEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { decryptLayer, parseV4Reply } from '#protocol'
import { type InProcessPush, RecordingProvider, startInProcessPush } from '../support/push-harness.ts'
import { pushVectors } from './push-vectors.suite.ts'

let push: InProcessPush
let directory: string

/** A relay that still opens what is sealed to the key of the vectors. */
async function start(privateKey: string): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'sotto-push-keys-'))
  const file = join(directory, 'old-keys')
  await writeFile(file, `x25519:${privateKey}\n`)
  push = await startInProcessPush({
    clock: { now: () => pushVectors.now * 1_000 },
    providers: new Map([['apns', new RecordingProvider()]]),
    environment: { SOTTO_PUSH_OLD_KEYS_FILE: file },
  })
}

it('has three cases', () => {
  expect(pushVectors.onion).toHaveLength(3)
})

describe('push.json onion', () => {
  afterEach(async () => {
    await push.close()
    await rm(directory, { recursive: true })
  })

  it.each(pushVectors.onion)('$name', async (onion) => {
    await start(onion.server_x25519_priv)
    const reply = await fetch(push.url + onion.http_path, {
      method: 'POST',
      body: Buffer.from(onion.request_body_b64, 'base64'),
    })
    expect(reply.status).toBe(200)
    const key = fromHex(onion.shared_key, 32)
    if (key === undefined) throw new Error('a key in the vectors is not 64 hex digits')
    const open = (box: Uint8Array): unknown => {
      const { code, headers, body } = parseV4Reply(decryptLayer(nativeCrypto, { type: onion.enc_type, key }, box))
      const text = Buffer.from(body).toString()
      const type = headers['content-type']
      return { code, type, body: type === 'application/json' ? (JSON.parse(text) as unknown) : text }
    }
    expect(open(new Uint8Array(await reply.arrayBuffer()))).toEqual(
      open(Buffer.from(onion.reply_http_body_b64, 'base64')),
    )
  })
})
