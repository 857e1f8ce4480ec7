import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { contentId } from '#protocol'
import type { ServedReply, ServedRequest } from './network.suite.ts'

/** What the fake file server says of every file, in Unix seconds. */
export const UPLOADED = 1_750_000_000
export const EXPIRES = 1_751_209_600

/** The reply of a server that says `value`. */
export function json(code: number, value: unknown): ServedReply {
  return { code, headers: { 'content-type': 'application/json' }, body: utf8(JSON.stringify(value)) }
}

/** The part of a file server that clients use, in memory (files §2). */
export class FakeFileServer {
  readonly files = new Map<string, Uint8Array>()
  readonly requests: ServedRequest[] = []

  readonly serve = (request: ServedRequest): ServedReply => {
    this.requests.push(request)
    const { method, endpoint, body } = request
    if (method === 'POST' && endpoint === '/file') {
      const id = contentId(nativeCrypto, body)
      this.files.set(id, Uint8Array.from(body))
      return json(200, { id, expires: EXPIRES })
    }
    const [, id = '', action] = /^\/file\/([^/]+)(?:\/(info|extend))?$/.exec(endpoint) ?? []
    const file = this.files.get(id)
    if (file === undefined) return json(404, { status_code: 404 })
    if (action !== undefined) return json(200, { size: file.length, uploaded: UPLOADED, expires: EXPIRES })
    return { code: 200, headers: { 'content-type': 'application/octet-stream' }, body: file }
  }
}
