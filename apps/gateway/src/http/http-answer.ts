import type { StreamedBody } from '../onion/onion-reply.ts'

/** What goes back over HTTP. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case, without `content-length`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | StreamedBody
}
