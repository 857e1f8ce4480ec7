import { beforeEach, describe, expect, it } from '@jest/globals'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { ProviderToken } from './provider-token.ts'

const MINUTE = 60_000
const BEGIN = 1_750_000_000_000
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

describe('ProviderToken', () => {
  let now: number
  let token: ProviderToken
  beforeEach(() => {
    now = BEGIN
    token = new ProviderToken({ key: privateKey, keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', now: () => now })
  })

  it('is an ES256 JWT that says what push §7.1 asks for and no more', async () => {
    const currentDate = new Date(BEGIN)
    const { payload, protectedHeader } = await jwtVerify(await token.get(), createPublicKey(privateKey), {
      currentDate,
    })
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'ABC123DEFG' })
    expect(payload).toEqual({ iss: 'DEF123GHIJ', iat: BEGIN / 1000 })
  })

  it('is one for all that wait for it', async () => {
    const tokens = await Promise.all(Array.from({ length: 100 }, () => token.get()))
    expect(new Set(tokens).size).toBe(1)
  })

  it('is used for 50 minutes', async () => {
    const first = await token.get()
    now += 50 * MINUTE - 1
    expect(await token.get()).toBe(first)
    now += 1
    const second = await token.get()
    expect(second).not.toBe(first)
    now += 1
    expect(await token.get()).toBe(second)
  })

  it('is replaced once however many requests report it', async () => {
    const rejected = await token.get()
    const replaced = await Promise.all(Array.from({ length: 100 }, () => token.replace(rejected)))
    expect(new Set(replaced).size).toBe(1)
    expect(replaced[0]).toBe(await token.get())
    expect(replaced[0]).not.toBe(rejected)
  })

  it('is replaced again after 20 minutes and not before', async () => {
    const second = (await token.replace(await token.get())) ?? ''
    now += 20 * MINUTE - 1
    expect(await token.replace(second)).toBeUndefined()
    now += 1
    expect(await token.replace(second)).toEqual(expect.any(String))
  })

  it('is replaced when the clock was set back', async () => {
    const second = (await token.replace(await token.get())) ?? ''
    now -= 86_400_000
    expect(await token.replace(second)).toEqual(expect.any(String))
  })

  it('is signed anew after signing has failed', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const unusable = new ProviderToken({ key: publicKey, keyId: 'k', teamId: 't', now: () => now })
    await expect(unusable.get()).rejects.toThrow(TypeError)
    await expect(unusable.get()).rejects.toThrow(TypeError)
  })
})
