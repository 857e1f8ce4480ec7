import type { JsonDocument, JsonSource } from './json-source.ts'

/** The first of several sources that has a document. */
export class FirstJsonSource implements JsonSource {
  constructor(private readonly sources: readonly JsonSource[]) {}

  async current(): Promise<JsonDocument | undefined> {
    for (const source of this.sources) {
      const document = await source.current()
      if (document !== undefined) return document
    }
    return undefined
  }
}
