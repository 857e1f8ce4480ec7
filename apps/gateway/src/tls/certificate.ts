import { generateKeyPairSync, sign } from 'node:crypto'
import * as der from './der.ts'

/** A private key and the certificate that names its public key, both PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const VERSION_3 = Uint8Array.of(2)
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'
/** The date RFC 5280 §4.1.2.5 gives for "does not expire": nobody checks these certificates, and nobody should have to renew them. */
const NEVER = new Date('9999-12-31T23:59:59Z')
const FIRST_DAY = new Date('2020-01-01T00:00:00Z')

/**
 * A self-signed ECDSA P-256 certificate (RFC 5280, version 3). It proves nothing: who a node is shows by its opening its layer (onion requests
 * §4.2). Written out here because loading a certificate library costs about 180 ms of the cold start, and the twelve certificates less than 20.
 */
export function createCertificate(serialNumber: Uint8Array): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der.sequence(der.objectIdentifier(ECDSA_WITH_SHA256))
  const name = der.sequence(der.set(der.sequence(der.objectIdentifier(COMMON_NAME), der.text('node'))))
  const contents = der.sequence(
    der.explicit(0, der.integer(VERSION_3)),
    der.integer(serialNumber),
    algorithm,
    name,
    der.sequence(der.time(FIRST_DAY), der.time(NEVER)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', contents, privateKey)
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: pem(der.sequence(contents, algorithm, der.bitString(signature))),
  }
}

function pem(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
