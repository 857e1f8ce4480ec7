import { parentPort, workerData } from 'node:worker_threads'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { KEY_LENGTH, SIGNATURE_LENGTH, type SignatureAnswer, type SignatureRequest } from './thread-messages.ts'

const { ed25519 } = nativeCrypto
const { seeds } = workerData as { readonly seeds: readonly Uint8Array[] }
const signers = seeds.map((seed) => ed25519.createSigner(seed))

function sign({ texts, seeds }: SignatureRequest): SignatureAnswer['signatures'] {
  const count = seeds.reduce((sum, { length }) => sum + length, 0)
  const signatures = new Uint8Array(count * SIGNATURE_LENGTH)
  let offset = 0
  for (const [i, text] of texts.entries()) {
    const message = utf8(text)
    for (const number of seeds[i] ?? []) {
      signatures.set(signers[number]?.sign(message) ?? [], offset)
      offset += SIGNATURE_LENGTH
    }
  }
  return signatures
}

function verify({ claims, lengths }: SignatureRequest): SignatureAnswer['verdicts'] {
  let offset = 0
  const take = (length: number): Uint8Array => claims.subarray(offset, (offset += length))
  return Uint8Array.from(lengths, (length) => {
    const [signature, key, message] = [take(SIGNATURE_LENGTH), take(KEY_LENGTH), take(length)]
    return ed25519.verify(signature, message, key) ? 1 : 0
  })
}

parentPort?.on('message', (request: SignatureRequest) => {
  const answer: SignatureAnswer = { signatures: sign(request), verdicts: verify(request) }
  parentPort?.postMessage(answer, [answer.signatures.buffer, answer.verdicts.buffer])
})
