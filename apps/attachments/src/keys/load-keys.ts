import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Crypto } from '#crypto'
import { loadOrCreateSecret } from '#runtime'
import { OldKeysError, parseOldKeys, type ServiceKeys, serviceKeys } from './service-keys.ts'

const SEED_FILE = 'attachments-ed25519-seed'

/**
 * The keys of this service: the newest from its secret file in the data directory, which is made on first start, older ones from the operator's
 * list. Throws `SecretFileError` or `OldKeysError`.
 */
export async function loadKeys(
  crypto: Crypto,
  dataDirectory: string,
  oldKeysFile: string | undefined,
): Promise<ServiceKeys> {
  const file = join(dataDirectory, SEED_FILE)
  const seed = loadOrCreateSecret({ file, length: 32, randomBytes: (length) => crypto.randomBytes(length) })
  const older = oldKeysFile === undefined ? [] : parseOldKeys(crypto, await readOldKeys(oldKeysFile))
  return serviceKeys(crypto, seed, older)
}

async function readOldKeys(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new OldKeysError('SOTTO_ATTACHMENTS_OLD_KEYS_FILE names a file that cannot be read.', { cause })
  }
}
