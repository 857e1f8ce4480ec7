import { access, open, rename, rm } from 'node:fs/promises'
import { OutputExistsError } from './errors.ts'

/** Throws `OutputExistsError` when there is a file at `path` and it must not be overwritten. */
export async function refuseExisting(path: string, force: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists && !force) throw new OutputExistsError()
}

/**
 * Writes a file in one step: whoever looks at `path` sees all of it or nothing. `suffix` makes the name of the temporary file beside it unique. Throws
 * `OutputExistsError` unless `force`.
 */
export async function writeWhole(path: string, bytes: Uint8Array, suffix: string, force: boolean): Promise<void> {
  const temporary = `${path}.${suffix}.part`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await refuseExisting(path, force)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
