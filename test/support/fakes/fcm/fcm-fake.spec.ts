import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { importPKCS8, SignJWT } from 'jose'
import { createFcmProvider } from '../../../../apps/push/src/providers/fcm/index.ts'
import type { OutgoingNotification, Provider } from '../../../../apps/push/src/providers/provider.ts'
import { type FakeServiceAccount, type FcmFake, makeServiceAccount, startFcmFake } from './index.ts'

function notification(token: string): OutgoingNotification {
  return { token, serviceData: new Uint8Array(), payload: 'cGF5bG9hZA==', isUrgent: false, expiresAt: 0 }
}

describe('the token endpoint of the fake', () => {
  let fake: FcmFake
  beforeAll(async () => (fake = await startFcmFake()))
  afterAll(() => fake.stop())

  const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging'
  const AUDIENCE = 'https://oauth2.googleapis.com/token'

  async function ask(
    account: FakeServiceAccount,
    { scope = SCOPE, audience = AUDIENCE, expires = '1h' } = {},
  ): Promise<{ status: number; json: unknown }> {
    const assertion = await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(account.client_email)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(await importPKCS8(account.private_key, 'RS256'))
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    const response = await fetch(fake.account.token_uri, { method: 'POST', body })
    return { status: response.status, json: await response.json() }
  }

  it('gives a token for a grant that the account has signed', async () => {
    expect(await ask(fake.account)).toMatchObject({ status: 200, json: { expires_in: 3_600, token_type: 'Bearer' } })
  })

  it('gives none for another key, another audience, an old grant or another scope', async () => {
    const other = makeServiceAccount(fake.account.token_uri)
    expect(await ask(other)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await ask(fake.account, { audience: 'https://example.org' })).toMatchObject({ status: 400 })
    expect(await ask(fake.account, { expires: '-1m' })).toMatchObject({ status: 400 })
    expect(await ask(fake.account, { scope: 'email' })).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
  })
})

describe('the fake as a process', () => {
  const main = join(import.meta.dirname, 'main.ts')
  const children: ChildProcess[] = []
  let directory: string
  let provider: Provider | undefined
  beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'sotto-fcm-fake-'))))
  afterEach(async () => {
    await provider?.close()
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })
  afterAll(() => rm(directory, { recursive: true }))

  async function start(port = '0'): Promise<{ child: ChildProcess; endpoint: string; serviceAccountFile: string }> {
    const child = spawn(process.execPath, ['--no-warnings', main, directory, port], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    children.push(child)
    for await (const line of createInterface({ input: child.stdout })) {
      return { child, ...(JSON.parse(line) as { endpoint: string; serviceAccountFile: string }) }
    }
    throw new Error('the fake ended before it was ready')
  }

  async function received(): Promise<string[]> {
    const lines = (await readFile(join(directory, 'received.jsonl'), 'utf8')).trim().split('\n')
    return lines.map((line) => (JSON.parse(line) as { token: string }).token)
  }

  it('writes down what it takes, obeys faults, and comes back as the same after its death', async () => {
    await writeFile(join(directory, 'received.jsonl'), '')
    const first = await start()
    provider = await createFcmProvider({ ...first, now: () => Date.now() })
    expect(await provider.send(notification('one'))).toEqual({ kind: 'handed-over' })
    first.child.stdin?.write('{"fault":{"kind":"error","status":503}}\n')
    let outcome = await provider.send(notification('two'))
    while (outcome.kind === 'handed-over') outcome = await provider.send(notification('two'))
    expect(outcome).toMatchObject({ kind: 'retry', blame: 'provider' })
    const gone = new Promise((resolve) => first.child.once('exit', resolve))
    first.child.kill('SIGKILL')
    await gone
    expect(await provider.send(notification('three'))).toMatchObject({ kind: 'retry' })
    await start(new URL(first.endpoint).port)
    expect(await provider.send(notification('four'))).toEqual({ kind: 'handed-over' })
    const tokens = await received()
    expect([tokens.at(0), tokens.at(-1)]).toEqual(['one', 'four'])
    expect(tokens).not.toContain('three')
  })
})
