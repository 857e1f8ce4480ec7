/** Values that tell of a person, and a search for them in every form that they may take. */
export class PersonalSecrets {
  readonly #forms: { readonly name: string; readonly form: Buffer }[] = []

  /** What must not be found: bytes, also as hex or base64, or text as it is. */
  add(name: string, value: Uint8Array | string): void {
    const forms = typeof value === 'string' ? [value] : textForms(value)
    if (typeof value !== 'string') this.#forms.push({ name, form: Buffer.from(value) })
    for (const form of forms) this.#forms.push({ name, form: Buffer.from(form) })
  }

  /** How many names there are. */
  get size(): number {
    return new Set(this.#forms.map(({ name }) => name)).size
  }

  /** Names of those that appear. */
  foundIn(content: string | Buffer): readonly string[] {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    return [...new Set(this.#forms.filter(({ form }) => bytes.includes(form)).map(({ name }) => name))]
  }
}

function textForms(value: Uint8Array): string[] {
  const bytes = Buffer.from(value)
  const base64 = bytes.toString('base64').replace(/=+$/, '')
  return [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), base64, bytes.toString('base64url')]
}
