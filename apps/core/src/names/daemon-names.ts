import { z } from 'zod'
import { fromUtf8, utf8 } from '#crypto'
import { RpcError } from '#protocol'
import type { OutgoingGuard } from '#runtime'
import type { NameResolver } from './name-resolver.ts'

const TIMEOUT_MS = 5_000
/** An answer has a few hundred bytes. */
const MAX_REPLY_BYTES = 65_536

const daemonReply = z.object({
  result: z.record(z.string(), z.unknown()).nullish(),
  error: z.object({ message: z.string() }).nullish(),
})

/** Asks an Oxen daemon over JSON-RPC, through the guard of outgoing requests. */
export class DaemonNames implements NameResolver {
  /** @param url of the daemon's `json_rpc` */
  constructor(
    private readonly guard: Pick<OutgoingGuard, 'request'>,
    private readonly url: URL,
    private readonly failed: (error: unknown) => void,
  ) {}

  async resolve(params: Readonly<Record<string, unknown>>): Promise<object> {
    const answer = daemonReply.safeParse(await this.#ask(params))
    if (!answer.success) throw new RpcError(502, 'oxend returned unparsable data', { cause: answer.error })
    const { result, error } = answer.data
    if (!result) throw new RpcError(400, error?.message ?? 'Unknown oxend error')
    return result
  }

  async #ask(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    let body: Uint8Array
    try {
      const reply = await this.guard.request(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: utf8(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'ons_resolve', params })),
        deadlineMs: TIMEOUT_MS,
        maxReplyBytes: MAX_REPLY_BYTES,
      })
      body = reply.body
    } catch (cause) {
      this.failed(cause)
      throw new RpcError(400, 'Unknown oxend error', { cause })
    }
    return parse(body)
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body) ?? '')
  } catch {
    // The engine's error quotes the text; the caller says that it cannot be read.
    return undefined
  }
}
