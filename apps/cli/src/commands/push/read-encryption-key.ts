import { readFile } from 'node:fs/promises'
import { fromHex } from '#crypto'
import { InvalidEncryptionKeyError } from '../../errors.ts'

const KEY_LENGTH = 32

export interface EncryptionKeyOptions {
  readonly encKey?: string
  readonly encKeyFile?: string
}

/** The key of payloads, 32 bytes, that the options give; undefined when they give none. Throws `InvalidEncryptionKeyError`. */
export async function readEncryptionKey(options: EncryptionKeyOptions): Promise<Uint8Array | undefined> {
  const { encKey, encKeyFile } = options
  const text = encKey ?? (encKeyFile === undefined ? undefined : await readFile(encKeyFile, 'utf8'))
  if (text === undefined) return undefined
  const key = fromHex(text.trim())
  if (key?.length !== KEY_LENGTH) throw new InvalidEncryptionKeyError()
  return key
}
