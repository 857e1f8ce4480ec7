import { runMain } from '#runtime'
import { startStandalone } from './standalone.ts'

await runMain(() => startStandalone(process.env, (line) => console.log(line)))
