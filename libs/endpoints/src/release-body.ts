import type { ReplyBody } from './endpoint.ts'

/** Lets go of a reply body that nobody will read. */
export async function releaseBody(body: ReplyBody | undefined): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) return
  await body.chunks[Symbol.asyncIterator]().return?.()
}
