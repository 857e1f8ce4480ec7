import { parseObject } from '../json/json-object.ts'
import type { JsonDocument, JsonSource } from './json-source.ts'

/** How long a document from the network is good (files §3.1). */
const REFRESH_MS = 1_800_000
/** How soon a failed attempt is repeated. */
const RETRY_MS = 60_000
const TIMEOUT_MS = 10_000
const MAX_TEXT = 1_048_576

/** A JSON document at a URL that the operator names. It is fetched when it is asked for and old; the last usable version stays. */
export class UrlJsonSource implements JsonSource {
  private document: JsonDocument | undefined
  private dueAt = 0
  private refreshing: Promise<void> | undefined

  constructor(
    private readonly url: string,
    private readonly now: () => number,
    private readonly report: (error: unknown) => void,
  ) {}

  async current(): Promise<JsonDocument | undefined> {
    if (this.now() >= this.dueAt) {
      this.refreshing ??= this.refresh().finally(() => {
        this.refreshing = undefined
      })
    }
    if (this.document === undefined) await this.refreshing
    return this.document
  }

  private async refresh(): Promise<void> {
    this.dueAt = this.now() + RETRY_MS
    try {
      const reply = await fetch(this.url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
      const members = reply.ok ? parseObject(await limitedText(reply)) : undefined
      if (members === undefined) return
      this.document = { members, refreshedAt: this.now() }
      this.dueAt = this.now() + REFRESH_MS
    } catch (error) {
      this.report(error)
    }
  }
}

async function limitedText(reply: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of reply.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > MAX_TEXT) throw new RangeError('the document is too long')
  }
  return text + decoder.decode()
}
