type Members = Readonly<Record<string, unknown>>

/** The members of a JSON object; undefined when the text is none. The parser's error is left behind, because it quotes the text. */
export function jsonMembers(text: string): Members | undefined {
  try {
    return membersOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The members of an object; undefined when the value is none. */
export function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null ? (value as Members) : undefined
}
