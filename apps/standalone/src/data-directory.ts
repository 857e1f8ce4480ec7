import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The data directory cannot be used: not a directory, not writable, or used by another process. The message is one sentence. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
  readonly code = 'DATA_DIRECTORY_UNUSABLE'
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Makes the directory if need be and marks it as used by this process, so that two processes never write into the same embedded stores. A mark left
 * behind by a process that was killed does not count.
 *
 * @returns removes the mark
 * @throws DataDirectoryError
 */
export function lockDataDirectory(directory: string): () => void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (!statSync(directory).isDirectory()) {
      throw new DataDirectoryError(`${directory} (SOTTO_DATA_DIR) is not a directory.`)
    }
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof DataDirectoryError) throw error
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new DataDirectoryError(`The data directory ${directory} (SOTTO_DATA_DIR) cannot be used (${reason}).`, {
      cause: error,
    })
  }
  const mark = join(directory, 'process.lock')
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(mark, String(process.pid), { flag: 'wx', mode: 0o600 })
      return () => rmSync(mark, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) {
        throw new DataDirectoryError(`The data directory ${directory} (SOTTO_DATA_DIR) cannot be marked as used.`, {
          cause: error,
        })
      }
      const holder = Number(readFileSync(mark, 'utf8'))
      if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && isRunning(holder)) {
        throw new DataDirectoryError(`The data directory ${directory} (SOTTO_DATA_DIR) is used by process ${holder}.`)
      }
      rmSync(mark, { force: true })
    }
  }
}
