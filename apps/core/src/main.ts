import { runMain } from '#runtime'
import { runCore } from './run-core.ts'

await runMain(() => runCore(process.env))
