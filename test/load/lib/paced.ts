/**
 * Calls `step` with 0 … `count` − 1 so that at every moment as many are called as `rate` a second asks for. It sleeps in between, so that pacing
 * takes no core from what is measured; after a pause of the process it catches up. A step that returns a promise is waited for.
 */
export async function paced(
  { rate, count }: { readonly rate: number; readonly count: number },
  step: (number: number) => Promise<void> | undefined,
): Promise<void> {
  const begin = performance.now()
  for (let done = 0; done < count;) {
    const due = Math.min(count, 1 + Math.floor(((performance.now() - begin) * rate) / 1_000))
    while (done < due) {
      const wait = step(done++)
      if (wait !== undefined) await wait
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
