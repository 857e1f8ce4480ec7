/**
 * Uses the built product as a newcomer would: starts `dist/apps/standalone`, runs the demo against it, stops it with SIGTERM, and says whether all three
 * went well. `.ci/run` calls it after the build.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startSotto } from '../load/lib/processes.ts'

const sotto = await startSotto(17000)
let code: number | null
try {
  const demo = spawn(process.execPath, [join(import.meta.dirname, '../../dist/apps/cli/src/demo.js')], {
    stdio: 'inherit',
    env: { ...process.env, SOTTO_NETWORK: `http://127.0.0.1:${sotto.port}` },
  })
  code = await new Promise<number | null>((resolve) => demo.on('exit', resolve))
} finally {
  await sotto.stop()
}
if (code !== 0) throw new Error(`the demo ended with code ${String(code)}`)
console.log(`smoke: ready in ${Math.round(sotto.readyMs)} ms, demo passed, stopped cleanly`)
