import { readFile } from 'node:fs/promises'
import type { Crypto } from '#crypto'
import { loadOrCreateSecret } from '#runtime'
import { OldKeysError, parseOldKeys, type ServiceKeys, serviceKeys } from './service-keys.ts'

export interface ServiceKeySources {
  /** Path of the secret file with the newest seed; made on first start. */
  readonly seedFile: string
  /** The operator's list of earlier keys: the variable that names its file, and the file. */
  readonly oldKeys: { readonly variable: string; readonly file: string | undefined }
}

/**
 * The keys of a service: the newest from its secret file, older ones from the operator's list. Rejects with `SecretFileError` or
 * `OldKeysError`.
 */
export async function loadServiceKeys(crypto: Crypto, { seedFile, oldKeys }: ServiceKeySources): Promise<ServiceKeys> {
  const seed = loadOrCreateSecret({ file: seedFile, length: 32, randomBytes: (length) => crypto.randomBytes(length) })
  const { variable, file } = oldKeys
  const older = file === undefined ? [] : parseOldKeys(crypto, await readOldKeys(variable, file), variable)
  return serviceKeys(crypto, seed, older)
}

async function readOldKeys(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new OldKeysError(`${variable} names a file that cannot be read.`, { cause })
  }
}
