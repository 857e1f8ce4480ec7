import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs a script of this folder in a process of its own with one JSON argument and flags for Node; resolves with the JSON line it prints. */
export async function runScript<Result>(
  name: string,
  argument: object,
  flags: readonly string[] = [],
): Promise<Result> {
  const script = join(import.meta.dirname, `${name}.ts`)
  const child = spawn(process.execPath, ['--no-warnings', ...flags, script, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${name} ended with code ${String(code)}`)
  return JSON.parse(output) as Result
}
