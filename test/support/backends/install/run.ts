import { spawn } from 'node:child_process'

/**
 * Runs a command to its end, without a shell or input, and returns its standard output. Rejects with the last lines it printed anywhere when it
 * fails or takes longer than `timeoutMs`.
 */
export async function run(command: readonly [string, ...string[]], timeoutMs = 300_000): Promise<string> {
  const [program, ...args] = command
  // The PATH that counts is the one this process has set, which a child does not get by itself everywhere.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, env: process.env })
  let output = ''
  let printed = ''
  const collect = (chunk: Buffer): void => void (printed = (printed + chunk.toString()).slice(-4_000))
  child.stdout
    .on('data', collect)
    .on('data', (chunk: Buffer) => void (output = (output + chunk.toString()).slice(-4_000)))
  child.stderr.on('data', collect)
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${program} failed: ${printed.trim()}`)
  return output.trim()
}

/** Whether a command exists and succeeds. */
export async function succeeds(command: readonly [string, ...string[]], timeoutMs = 10_000): Promise<boolean> {
  return run(command, timeoutMs).then(
    () => true,
    () => false,
  )
}
