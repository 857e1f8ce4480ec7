import { parentPort, workerData } from 'node:worker_threads'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { SIGNATURE_LENGTH, type SigningAnswer, type SigningRequest } from './thread-messages.ts'

const { seeds } = workerData as { readonly seeds: readonly Uint8Array[] }
const signers = seeds.map((seed) => nativeCrypto.ed25519.createSigner(seed))

parentPort?.on('message', (request: SigningRequest) => {
  const count = request.seeds.reduce((sum, { length }) => sum + length, 0)
  const answer: SigningAnswer = new Uint8Array(count * SIGNATURE_LENGTH)
  let offset = 0
  for (const [i, text] of request.texts.entries()) {
    const message = utf8(text)
    for (const number of request.seeds[i] ?? []) {
      answer.set(signers[number]?.sign(message) ?? [], offset)
      offset += SIGNATURE_LENGTH
    }
  }
  parentPort?.postMessage(answer, [answer.buffer])
})
