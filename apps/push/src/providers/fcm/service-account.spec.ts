import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeServiceAccount } from '../../../../../test/support/fakes/fcm/index.ts'
import { ProviderCredentialsError } from '../errors.ts'
import { createFcmProvider } from './create-fcm-provider.ts'
import { readServiceAccount } from './service-account.ts'

const good = makeServiceAccount('https://oauth2.googleapis.com/token')
let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'sotto-fcm-'))))
afterAll(() => rm(directory, { recursive: true }))

async function write(text: string): Promise<string> {
  const file = join(directory, 'account.json')
  await writeFile(file, text)
  return file
}

describe('readServiceAccount', () => {
  it('reads what Google gives out', async () => {
    const file = await write(JSON.stringify(good))
    expect(await readServiceAccount(file)).toEqual({ file, projectId: 'sotto-fake', tokenUrl: new URL(good.token_uri) })
  })

  it('logs in at Google when the file does not say where', async () => {
    const file = await write(JSON.stringify({ ...good, token_uri: undefined }))
    expect((await readServiceAccount(file)).tokenUrl.href).toBe('https://oauth2.googleapis.com/token')
  })

  it('says in one sentence that the file is not there', async () => {
    const file = join(directory, 'absent.json')
    await expect(readServiceAccount(file)).rejects.toMatchObject({
      code: 'PUSH_PROVIDER_CREDENTIALS_UNUSABLE',
      message: `The service account file ${file} cannot be read (ENOENT).`,
    })
  })

  it.each([
    ['an empty file', '', 'it holds no JSON object'],
    ['text', 'BEGIN PRIVATE KEY', 'it holds no JSON object'],
    ['null', 'null', 'it holds no JSON object'],
    ['another kind of account', JSON.stringify({ ...good, type: 'authorized_user' }), '"type"'],
    ['no project', JSON.stringify({ ...good, project_id: undefined }), '"project_id"'],
    ['a project that is a path', JSON.stringify({ ...good, project_id: '../x' }), '"project_id"'],
    ['no address', JSON.stringify({ ...good, client_email: '' }), '"client_email"'],
    ['no key', JSON.stringify({ ...good, private_key: 3 }), '"private_key"'],
    ['a token endpoint in clear', JSON.stringify({ ...good, token_uri: 'http://example.org/token' }), '"token_uri"'],
  ])('says in one sentence what is wrong with %s', async (_, text, expected) => {
    const file = await write(text)
    const error: unknown = await readServiceAccount(file).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ProviderCredentialsError)
    expect((error as Error).message).toContain(expected)
    expect((error as Error).message).toMatch(/^The file .*account\.json is no usable service account: [^.]+\.$/)
  })
})

describe('createFcmProvider', () => {
  it('refuses a key that is none, without quoting it', async () => {
    const file = await write(JSON.stringify({ ...good, private_key: 'S3CRET' }))
    const error: unknown = await createFcmProvider({ serviceAccountFile: file, now: () => 0 }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'PUSH_PROVIDER_CREDENTIALS_UNUSABLE' })
    expect((error as Error).message).not.toContain('S3CRET')
  })

  it('refuses an endpoint to which credentials would travel in clear', async () => {
    const file = await write(JSON.stringify(good))
    await expect(
      createFcmProvider({ serviceAccountFile: file, endpoint: 'http://fcm.googleapis.com', now: () => 0 }),
    ).rejects.toMatchObject({ code: 'PUSH_PROVIDER_CREDENTIALS_UNUSABLE' })
  })
})
