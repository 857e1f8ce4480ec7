import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { RuntimeError } from '../errors/runtime-error.ts'

/** A file that should hold a secret does not. The message names the file, never what is in it. */
export class SecretFileError extends RuntimeError {
  override readonly name = 'SecretFileError'
  readonly code = 'SECRET_FILE_INVALID'
}

export interface SecretFile {
  readonly file: string
  /** Bytes of the secret; the file holds them as hex. */
  readonly length: number
  readonly randomBytes: (length: number) => Uint8Array
}

/**
 * Reads a secret, or makes it on first start: mode 0600, in a directory of mode 0700, synced before it is used, and complete or not there at
 * all. Two processes that start at once agree on one secret.
 *
 * @throws SecretFileError when the file exists but does not hold `length` bytes of hex, or cannot be read or made
 */
export function loadOrCreateSecret({ file, length, randomBytes }: SecretFile): Uint8Array {
  try {
    const existing = readIfPresent(file)
    if (existing !== undefined) return parse(existing, file, length)
    const secret = randomBytes(length)
    if (secret.length !== length) throw new SecretFileError(`The secret for ${file} was not made with ${length} bytes.`)
    create(file, secret)
    return parse(readFileSync(file, 'utf8'), file, length)
  } catch (error) {
    if (error instanceof SecretFileError) throw error
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new SecretFileError(`The secret file ${file} cannot be read or made (${reason}).`, { cause: error })
  }
}

/** Whether people other than the owner may read the file. */
export function isReadableByOthers(file: string): boolean {
  return (statSync(file).mode & 0o077) !== 0
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string, file: string, length: number): Uint8Array {
  const hex = text.trim()
  if (hex.length !== 2 * length || !/^[0-9a-f]+$/i.test(hex)) {
    throw new SecretFileError(`The secret file ${file} must hold ${2 * length} hex digits and nothing else.`)
  }
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

function create(file: string, secret: Uint8Array): void {
  const parent = dirname(file)
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  // A directory of its own: what an earlier process of the same id left behind after a crash is never in the way.
  const workshop = mkdtempSync(join(parent, '.secret-'))
  try {
    const unfinished = join(workshop, 'secret')
    writeSynced(unfinished, `${Buffer.from(secret).toString('hex')}\n`)
    // A link fails when the name is taken, where a rename would replace the secret that another process has just begun to use.
    linkSync(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
  const directory = openSync(parent, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

function writeSynced(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    fchmodSync(handle, 0o600)
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
