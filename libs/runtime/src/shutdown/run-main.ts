import { describeError } from '../logging/describe-error.ts'

/** What a service looks like to its `main.ts`. */
export interface Stoppable {
  /** Resolves with whether everything ended as it should. */
  stop(): Promise<boolean>
}

const WATCHDOG_MS = 90_000

/** An error that somebody gave a code so that its message can be shown; `ERR_…` are faults that Node found in the program. */
function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_')
}

/**
 * Runs a service until SIGTERM or SIGINT. A start that fails for a reason with a code (configuration, port, store) prints that one sentence and ends with
 * code 1; anything else is a fault of the program and shows its stack. A signal during the start or a second signal ends the process at once, and so
 * does a stop that takes longer than a minute and a half. An error that nobody catches ends it with code 1 and is described without its message.
 */
export async function runMain(start: () => Promise<Stoppable>): Promise<void> {
  let service: Stoppable | undefined
  let stopping = false
  const stop = (): void => {
    if (stopping || !service) process.exit(1)
    stopping = true
    // Keeps the process alive: a stop that waits for something that cannot come must not look like a clean end.
    setTimeout(() => process.exit(1), WATCHDOG_MS)
    service.stop().then(
      (clean) => process.exit(clean ? 0 : 1),
      (error: unknown) => {
        process.stderr.write(`stopping failed: ${Object.values(describeError(error)).join(' ')}\n`)
        process.exit(1)
      },
    )
  }
  // An error that nobody expected may quote a request, so its message stays out here too.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`uncaught: ${Object.values(describeError(error)).join(' ')}\n`)
    process.exit(1)
  })
  // From the beginning: as first process of a container a signal without a handler would be ignored.
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  try {
    service = await start()
  } catch (error) {
    process.stderr.write(`${hasCode(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
}
