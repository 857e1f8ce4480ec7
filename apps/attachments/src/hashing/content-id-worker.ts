import { parentPort } from 'node:worker_threads'
import { nativeCrypto } from '#crypto/native/index'
import { type ContentIdHasher, createContentIdHasher } from '#protocol/files/content-id'
import type { HashAnswer, HashRequest } from './messages.ts'

const hashers = new Map<number, ContentIdHasher>()

function hasherOf(number: number): ContentIdHasher {
  const known = hashers.get(number)
  if (known !== undefined) return known
  const hasher = createContentIdHasher(nativeCrypto)
  hashers.set(number, hasher)
  return hasher
}

function digest(number: number): string {
  const id = hasherOf(number).digest()
  hashers.delete(number)
  return id
}

parentPort?.on('message', (request: HashRequest) => {
  const answer = (message: HashAnswer): void => parentPort?.postMessage(message)
  switch (request.kind) {
    case 'update':
      hasherOf(request.hasher).update(request.piece.subarray(0, request.length))
      answer({ hasher: request.hasher })
      return
    case 'digest':
      answer({ hasher: request.hasher, id: digest(request.hasher) })
      return
    case 'discard':
      // A hasher that is dropped without its digest would keep its place in the memory of the hash function.
      digest(request.hasher)
  }
})
