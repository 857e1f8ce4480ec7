import { generateKeyPairSync } from 'node:crypto'

/** The members of a service account's file that matter, with their names on disk. */
export interface FakeServiceAccount {
  readonly type: 'service_account'
  readonly project_id: string
  readonly private_key_id: string
  readonly private_key: string
  readonly client_email: string
  readonly token_uri: string
}

/** A service account with a new RSA key of 2,048 bits. */
export function makeServiceAccount(tokenUrl: string): FakeServiceAccount {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    type: 'service_account',
    project_id: 'sotto-fake',
    private_key_id: 'fake-key',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: 'push@sotto-fake.iam.gserviceaccount.com',
    token_uri: tokenUrl,
  }
}
