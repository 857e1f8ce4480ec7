/**
 * Blobs in a directory. `<path>/incoming/<key>` is a blob that is being written, `<path>/<first two digits of the key>/<key>` a committed
 * one; a key is 32 hexadecimal digits of 128 random bits. Directories have mode 0700, files 0600.
 *
 * Lifetimes: a committed blob lives until it is deleted. What a killed process left in `incoming/` lives until `removeUnfinished`.
 *
 * Invariants: a file outside `incoming/` is complete and never changes; when a commit is acknowledged, the file and its directory entry
 * are synced to disk. A deletion is not synced: after a crash the blob may be back, and the sweep for orphans deletes it again.
 */
import { mkdir } from 'node:fs/promises'
import type { Blobs } from '../blobs.ts'
import { DirectoryBlobs } from './directory-blobs.ts'
import { Layout, syncDirectory } from './layout.ts'
import { translateFileError } from './translate-error.ts'

const DEFAULT_HELD_BYTES = 8 * 1_048_576

export interface DirectoryBlobsOptions {
  /** The directory; it is created when missing, with its parents. */
  readonly path: string
  /** Cryptographically random bytes, for keys. */
  readonly randomBytes: (length: number) => Uint8Array
  /** Most bytes all unfinished uploads together gather in memory before they wait for the disk; default 8 MiB. */
  readonly maxHeldBytes?: number
}

/** Opens or creates the directory. Throws `StoreUnavailableError` when it cannot be used and `StoreFullError` when the disk is full. */
export async function openDirectoryBlobs(options: DirectoryBlobsOptions): Promise<Blobs> {
  const layout = new Layout(options.path)
  try {
    await mkdir(layout.incoming, { recursive: true, mode: 0o700 })
    await syncDirectory(options.path)
  } catch (error) {
    throw translateFileError(error)
  }
  const { randomBytes, maxHeldBytes = DEFAULT_HELD_BYTES } = options
  const blobs = new DirectoryBlobs({ layout, randomBytes, maxHeldBytes })
  await blobs.check()
  return blobs
}
