import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { fileErrorCode } from './translate-error.ts'

/** Bytes of randomness in a key. */
export const KEY_BYTES = 16
const KEY = /^[0-9a-f]{32}$/

/** Where things lie under the directory of the blobs. */
export class Layout {
  readonly #root: string
  readonly #known = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  get root(): string {
    return this.#root
  }

  /** Blobs that are not committed yet. */
  get incoming(): string {
    return join(this.#root, 'incoming')
  }

  incomingFile(key: string): string {
    return join(this.incoming, key)
  }

  /** The directory of the blobs whose key begins with these two hexadecimal digits. */
  shard(digits: string): string {
    return join(this.#root, digits)
  }

  /** The file of a committed blob; undefined when `key` cannot be one of this store. */
  blobFile(key: string): string | undefined {
    return KEY.test(key) ? join(this.shard(key.slice(0, 2)), key) : undefined
  }

  /** Makes sure that the directory of a committed blob exists and survives a crash; returns it. */
  async prepareShard(key: string): Promise<string> {
    const shard = this.shard(key.slice(0, 2))
    if (this.#known.has(shard)) return shard
    try {
      await mkdir(shard, { mode: 0o700 })
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw error
    }
    await syncDirectory(this.#root)
    this.#known.add(shard)
    return shard
  }
}

export function isBlobKey(text: string): boolean {
  return KEY.test(text)
}

/** Makes the entries of a directory survive a crash. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
