import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ProviderCredentialsError } from '../errors.ts'
import type { ApnsKeySource } from './apns-options.ts'

/**
 * The EC P-256 private key with which provider tokens are signed.
 *
 * @throws ProviderCredentialsError when the file cannot be read or there is no such key in it
 */
export function readSigningKey(source: ApnsKeySource): KeyObject {
  const where = 'keyFile' in source ? `The APNs key file ${source.keyFile}` : 'The APNs key'
  const key = parse('keyFile' in source ? read(source.keyFile, where) : source.key, where)
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw noKey(where)
  return key
}

function read(file: string, where: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new ProviderCredentialsError(`${where} cannot be read (${reason}).`, { cause })
  }
}

function parse(text: string, where: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (cause) {
    throw noKey(where, { cause })
  }
}

function noKey(where: string, options?: ErrorOptions): ProviderCredentialsError {
  return new ProviderCredentialsError(`${where} holds no EC P-256 private key in PEM form.`, options)
}
