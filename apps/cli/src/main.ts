#!/usr/bin/env node
import { systemContext } from './context.ts'
import { run } from './run.ts'

const interruption = new AbortController()
process.once('SIGINT', () => interruption.abort())
process.exitCode = await run(process.argv.slice(2), systemContext(process.env, interruption.signal))
