import { runMain } from '#runtime'
import { runPush } from './run-push.ts'

await runMain(() => runPush(process.env))
