/** Prints Jest's totals as one plain line, `N passed, N failed, N skipped`, from the report file that `jest --json` wrote. */
import { readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numFailedTestSuites: number
  readonly numRuntimeErrorTestSuites: number
}

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('name the report file')
const report = JSON.parse(readFileSync(file, 'utf8')) as Report
// A suite that cannot even load has no tests to fail; it counts as one failure.
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites
console.log(
  `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
)
