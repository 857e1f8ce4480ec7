import { type LoadResult } from './load-client.ts'

/** Gives the replies that were kept to `check`, with the index of the request; throws when none were. */
export function checkSamples(result: LoadResult, check: (body: Buffer, request: number) => void): void {
  if (result.samples.length === 0) throw new Error('no reply was kept')
  for (const { body, request } of result.samples) check(Buffer.from(body, 'base64'), request)
}

/** A body that is JSON. */
export function parseBody(body: Buffer): unknown {
  return JSON.parse(body.toString())
}
