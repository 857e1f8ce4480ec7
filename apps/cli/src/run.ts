import { CommanderError } from 'commander'
import type { CliContext } from './context.ts'
import { ExitCode } from './exit-codes.ts'
import { explainError } from './explain-error.ts'
import { paint } from './output/paint.ts'
import { createProgram } from './program.ts'

/** Runs one command line and returns the exit code; an error becomes one sentence, or one JSON object with `--json`. */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' })
    return ExitCode.Success
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Success : ExitCode.Usage
    const { code, sentence, exitCode } = explainError(error)
    if (args.includes('--json')) context.console.complain(JSON.stringify({ error: { code, message: sentence } }))
    else context.console.complain(`${paint(context.console, 'red', 'sotto:')} ${sentence}.`)
    return exitCode
  }
}
