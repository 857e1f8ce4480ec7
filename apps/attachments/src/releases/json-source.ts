/** A JSON document that an operator maintains outside Sotto. */
export interface JsonSource {
  /** The document as last read; undefined when there is none yet or it is unusable. */
  current(): Promise<JsonDocument | undefined>
}

export interface JsonDocument {
  readonly members: Readonly<Record<string, unknown>>
  /** When it was last refreshed, in milliseconds since the Unix epoch. */
  readonly refreshedAt: number
}
