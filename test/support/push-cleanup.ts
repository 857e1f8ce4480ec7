/** What a test has started and has to end, however far it came. */
export class Cleanup {
  readonly #steps: (() => void | Promise<void>)[] = []

  /** To be done in the end, before what was added earlier. */
  add(step: () => void | Promise<void>): void {
    this.#steps.push(step)
  }

  /** Does all of it, and throws the first error afterwards. */
  async run(): Promise<void> {
    const errors: unknown[] = []
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        await step()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
