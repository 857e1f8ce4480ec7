import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProviderCredentialsError } from '../errors.ts'
import { readSigningKey } from './signing-key.ts'

const p8 = { type: 'pkcs8', format: 'pem' } as const
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(p8) as string

describe('readSigningKey', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sotto-apns-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('reads a p8 file and its text alike', () => {
    const keyFile = join(directory, 'key.p8')
    writeFileSync(keyFile, KEY)
    expect(readSigningKey({ keyFile }).equals(readSigningKey({ key: KEY }))).toBe(true)
  })

  it('names a file that cannot be read', () => {
    const keyFile = join(directory, 'missing.p8')
    const message = `The APNs key file ${keyFile} cannot be read (ENOENT).`
    expect(() => readSigningKey({ keyFile })).toThrow(message)
    expect(() => readSigningKey({ keyFile })).toThrow(ProviderCredentialsError)
  })

  it.each([
    ['nothing', ''],
    ['no PEM', 'key'],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export(p8) as string],
    ['another algorithm', generateKeyPairSync('ed25519').privateKey.export(p8) as string],
    ['a cut key', KEY.slice(0, 100)],
  ])('refuses %s without quoting it', (_what, text) => {
    const keyFile = join(directory, 'key.p8')
    writeFileSync(keyFile, text)
    const message = `The APNs key file ${keyFile} holds no EC P-256 private key in PEM form.`
    expect(() => readSigningKey({ keyFile })).toThrow(message)
    expect(() => readSigningKey({ key: text })).toThrow(ProviderCredentialsError)
    expect(() => readSigningKey({ key: text })).toThrow('The APNs key holds no EC P-256 private key in PEM form.')
  })
})
