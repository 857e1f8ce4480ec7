/** What a service looks like to its `main.ts`. */
export interface Stoppable {
  /** Resolves with whether everything ended as it should. */
  stop(): Promise<boolean>
}

const WATCHDOG_MS = 90_000

function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/**
 * Runs a service until SIGTERM or SIGINT. A start that fails for a reason with a code (configuration, port, store) prints that one sentence and ends with
 * code 1; anything else is a fault of the program and shows its stack. A second signal ends the process at once, and so does a stop that takes
 * longer than a minute and a half.
 */
export async function runMain(start: () => Promise<Stoppable>): Promise<void> {
  let service: Stoppable
  try {
    service = await start()
  } catch (error) {
    process.stderr.write(`${hasCode(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), WATCHDOG_MS).unref()
    service.stop().then(
      (clean) => process.exit(clean ? 0 : 1),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
