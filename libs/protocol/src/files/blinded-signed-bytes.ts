import { concat, utf8 } from '#crypto'

/** The bytes under a blinded signature: timestamp ‖ METHOD ‖ path and query ‖ body (files §4). */
export function blindedSignedBytes(timestamp: string, method: string, target: string, body?: Uint8Array): Uint8Array {
  const head = utf8(`${timestamp}${method}${target}`)
  return body === undefined ? head : concat(head, body)
}
