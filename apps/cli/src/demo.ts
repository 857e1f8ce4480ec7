import { systemContext } from './context.ts'
import { playDemo } from './demo/play-demo.ts'
import { ExitCode } from './exit-codes.ts'
import { explainError } from './explain-error.ts'

const interruption = new AbortController()
process.once('SIGINT', () => interruption.abort())
const context = systemContext(process.env, interruption.signal)
try {
  await playDemo(context, process.argv[2] ?? 'README.md')
  process.exitCode = ExitCode.Success
} catch (error) {
  const { sentence, exitCode } = explainError(error)
  context.console.complain(`demo: ${sentence}.`)
  process.exitCode = exitCode
}
