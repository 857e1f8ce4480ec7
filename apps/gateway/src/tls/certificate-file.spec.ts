import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeCrypto } from '#crypto/native/index'
import { CertificateFileError } from '../errors.ts'
import { createCertificate } from './certificate.ts'
import { loadCertificates } from './certificate-file.ts'

describe('createCertificate', () => {
  it('gives an ECDSA P-256 certificate signed by its own key', () => {
    const { key, cert } = createCertificate(Uint8Array.of(0x80, 1))
    const certificate = new X509Certificate(cert)
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(certificate.subject).toBe('CN=node')
    expect(certificate.issuer).toBe('CN=node')
    expect(certificate.serialNumber).toBe('8001')
    expect(certificate.validFromDate.toISOString()).toBe('2020-01-01T00:00:00.000Z')
    expect(certificate.validToDate.toISOString()).toBe('9999-12-31T23:59:59.000Z')
  })
})

describe('loadCertificates', () => {
  let directory: string
  let file: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sotto-certificates-'))
    file = join(directory, 'gateway', 'certificates.json')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('makes a certificate for each node and keeps them for the owner only', async () => {
    const certificates = await loadCertificates(nativeCrypto, file, 3)
    const serials = certificates.map(({ cert }) => new X509Certificate(cert).serialNumber)
    expect(new Set(serials).size).toBe(3)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('gives the same ones again, and more when there are more nodes', async () => {
    const three = await loadCertificates(nativeCrypto, file, 3)
    expect(await loadCertificates(nativeCrypto, file, 3)).toEqual(three)
    const five = await loadCertificates(nativeCrypto, file, 5)
    expect(five.slice(0, 3)).toEqual(three)
    expect(await loadCertificates(nativeCrypto, file, 2)).toEqual(three.slice(0, 2))
  })

  it.each(['', '{', '[{"key":1}]', '[]x'])('refuses a file that holds %j and leaves it alone', async (text) => {
    await loadCertificates(nativeCrypto, file, 1)
    writeFileSync(file, text)
    await expect(loadCertificates(nativeCrypto, file, 1)).rejects.toThrow(CertificateFileError)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})
