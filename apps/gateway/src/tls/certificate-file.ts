import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Crypto } from '#crypto'
import { CertificateFileError } from '../errors.ts'
import { type Certificate, createCertificate } from './certificate.ts'

const certificateFile = z.array(
  z.object({ key: z.string().startsWith('-----BEGIN'), cert: z.string().startsWith('-----BEGIN') }),
)
const SERIAL_NUMBER_LENGTH = 16

/**
 * `count` certificates: those in the file at `path`, and new ones for what it has not, which are added to it. The file is for the owner
 * only (mode 0600). Rejects with `CertificateFileError` for a file that cannot be used.
 */
export async function loadCertificates(crypto: Crypto, path: string, count: number): Promise<readonly Certificate[]> {
  const stored = await readStored(path)
  if (stored.length >= count) return stored.slice(0, count)
  const certificates = [...stored]
  while (certificates.length < count) certificates.push(createCertificate(serialNumber(crypto)))
  await store(path, certificates)
  return certificates
}

async function readStored(path: string): Promise<readonly Certificate[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new CertificateFileError({ cause })
  }
  try {
    return certificateFile.parse(JSON.parse(text))
  } catch (cause) {
    throw new CertificateFileError({ cause })
  }
}

/** A new file takes the place of the old one only when it is complete, so that a crash leaves one of the two. */
async function store(path: string, certificates: readonly Certificate[]): Promise<void> {
  const draft = `${path}.new`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(draft, JSON.stringify(certificates), { mode: 0o600 })
  await rename(draft, path)
}

/** Below 2^127, so that it is a positive number of 16 bytes, and not zero. */
function serialNumber(crypto: Crypto): Uint8Array {
  const bytes = crypto.randomBytes(SERIAL_NUMBER_LENGTH)
  return bytes.with(0, ((bytes[0] ?? 0) & 0x3f) | 0x40)
}
