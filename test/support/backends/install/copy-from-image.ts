import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Program } from '../programs.ts'
import { run, succeeds } from './run.ts'

/**
 * Copies programs out of their container images into `directory`, with the container runtime that runs here, if one does. They then run as
 * plain processes, which tests can kill. A copy that does not run here (another libc, another system) is removed again.
 */
export async function copyFromImage(programs: readonly Program[], directory: string): Promise<void> {
  const runtime = process.platform === 'linux' ? await runningRuntime() : undefined
  if (runtime === undefined) return
  await mkdir(directory, { recursive: true })
  for (const { names, image } of programs) {
    const file = join(directory, names[0])
    const lines = (await run([runtime, 'create', image.name])).split('\n')
    const container = lines.at(-1) ?? ''
    try {
      await run([runtime, 'cp', `${container}:${image.path}`, file])
    } finally {
      await run([runtime, 'rm', container])
    }
    await chmod(file, 0o755)
    if (!(await succeeds([file, '--version']))) await rm(file)
  }
}

async function runningRuntime(): Promise<string | undefined> {
  for (const runtime of ['docker', 'podman']) {
    if (await succeeds([runtime, 'info'])) return runtime
  }
  return undefined
}
