import { readFile } from 'node:fs/promises'
import { concat, type Crypto, fromHex } from '#crypto'
import { type RequestSigner, userSigner } from '#protocol'
import { InvalidSeedError } from '../../errors.ts'

const SEED_LENGTH = 32
/** Accounts made from 13 words have half a seed, the rest of which is zeros. */
const HALF_SEED_LENGTH = 16

export interface AccountOptions {
  readonly seed?: string
  readonly seedFile?: string
}

/** The account whose seed the options give; undefined when they give none. Throws `InvalidSeedError`. */
export async function readAccount(crypto: Crypto, options: AccountOptions): Promise<RequestSigner | undefined> {
  const text = options.seed ?? (options.seedFile === undefined ? undefined : await readFile(options.seedFile, 'utf8'))
  return text === undefined ? undefined : userSigner(crypto, parseSeed(text.trim()))
}

function parseSeed(text: string): Uint8Array {
  const seed = fromHex(text)
  if (seed?.length === SEED_LENGTH) return seed
  if (seed?.length === HALF_SEED_LENGTH) return concat(seed, new Uint8Array(SEED_LENGTH - HALF_SEED_LENGTH))
  throw new InvalidSeedError()
}
