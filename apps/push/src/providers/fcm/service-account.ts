import { readFile } from 'node:fs/promises'
import { ProviderCredentialsError } from '../errors.ts'
import { jsonMembers } from '../json-members.ts'
import { trustworthyUrl } from './trustworthy-url.ts'

/** What the provider itself must know of a service account; the key stays in the file, which the credential of `firebase-admin` reads. */
export interface ServiceAccount {
  readonly file: string
  /** Names the project in the path of every request: letters, digits, `-`, `.` and `:`. */
  readonly projectId: string
  /** Where access tokens are to be had. */
  readonly tokenUrl: URL
}

const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token'

/**
 * Reads the JSON file that Google gives out for a service account.
 *
 * @throws ProviderCredentialsError when the file cannot be read or is none; its message is one sentence without anything the file holds
 */
export async function readServiceAccount(file: string): Promise<ServiceAccount> {
  const account = jsonMembers(await readText(file))
  if (account === undefined) throw unusable(file, 'it holds no JSON object')
  const { type, project_id: projectId, client_email: email, private_key: key, token_uri: tokenUri } = account
  if (type !== 'service_account') throw unusable(file, 'its member "type" is not "service_account"')
  if (typeof projectId !== 'string' || !/^[A-Za-z0-9:.-]{1,128}$/.test(projectId)) {
    throw unusable(file, 'its member "project_id" names no project')
  }
  if (typeof email !== 'string' || email === '') throw unusable(file, 'it has no member "client_email"')
  if (typeof key !== 'string' || key === '') throw unusable(file, 'it has no member "private_key"')
  const tokenUrl = trustworthyUrl(typeof tokenUri === 'string' ? tokenUri : GOOGLE_TOKEN_URL)
  if (tokenUrl === undefined) throw unusable(file, 'its member "token_uri" is no https address')
  return { file, projectId, tokenUrl }
}

/** The error about a file that can be read but not used; `what` continues the sentence. */
export function unusable(file: string, what: string, options?: ErrorOptions): ProviderCredentialsError {
  return new ProviderCredentialsError(`The file ${file} is no usable service account: ${what}.`, options)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new ProviderCredentialsError(`The service account file ${file} cannot be read (${reason}).`, { cause: error })
  }
}
