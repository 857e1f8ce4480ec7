import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  createToken,
  monitorSignedBytes,
  rememberingKeyCheck,
  subaccountSigner,
  userSigner,
} from '../../mailbox/index.ts'
import { toBase64 } from '../../mailbox/base64.ts'
import { hex, implementations } from '../../mailbox/vectors.suite.ts'
import { type JsonMembers } from '../../onion/json-members.ts'
import {
  buildSubscribeRequest,
  buildUnsubscribeRequest,
  checkSubscribe,
  checkUnsubscribe,
  PushErrorCode,
  PushRequestError,
  type PushRequestContext,
  tokenRules,
} from '../index.ts'
import { vectors } from '../vectors.suite.ts'

const crypto = nativeCrypto
const { now } = vectors
const services = new Map([
  ['apns', tokenRules.apns],
  ['firebase', tokenRules.firebase],
])
const context: PushRequestContext = { crypto, now, services }
const user = userSigner(crypto, hex(vectors.keys.user.seed))
const device = { service: 'apns', serviceInfo: { token: vectors.tokens.apns } }
const subscribe = buildSubscribeRequest(user, {
  ...device,
  encryptionKey: hex(vectors.enc_key),
  namespaces: [0, 2],
  wantsData: true,
  signedAt: now,
})
const unsubscribe = buildUnsubscribeRequest(user, { ...device, signedAt: now })

/** Signs what the members say, whatever that is. */
function signed(members: JsonMembers): JsonMembers {
  const { sig_ts, data, namespaces } = members
  const request = { timestamp: sig_ts as number, withData: data as boolean, namespaces: namespaces as number[] }
  const { signature } = user.authenticate(monitorSignedBytes(user.account, request))
  return { ...members, signature: toBase64(signature) }
}

async function refusal(give: Promise<unknown>): Promise<{ code: number; text: string } | undefined> {
  try {
    await give
    return undefined
  } catch (error) {
    if (error instanceof PushRequestError) return { code: error.errorCode, text: error.text }
    throw error
  }
}

function expectRefusal(actual: Awaited<ReturnType<typeof refusal>>, code: number, text: string | RegExp): void {
  expect(actual?.code).toBe(code)
  if (typeof text === 'string') expect(actual?.text).toBe(text)
  else expect(actual?.text).toMatch(text)
}

type Fault = readonly [change: JsonMembers, code: number, text: string | RegExp]

const wrongBytes = 'Invalid value: expected bytes, hex, or base64'
const COMMON: readonly Fault[] = [
  [{ pubkey: 'x' }, 4, wrongBytes],
  [{ session_ed25519: '-'.repeat(43) }, 4, wrongBytes],
  [{ subaccount: toHex(new Uint8Array(36)) }, 4, 'Cannot specify subaccount without subaccount_sig'],
  [{ signature: null }, 4, "Invalid value given for 'signature': expected a string"],
  [{ session_ed25519: toHex(new Uint8Array(32)) }, 4, 'Failed to convert session_ed25519 to x25519 pubkey'],
  [{ sig_ts: '1' }, 4, "Invalid value given for 'sig_ts': expected a number"],
  [{ service: null }, 4, "Invalid value given for 'service': expected a string"],
  [{ service: 'pigeon' }, 2, 'pigeon notification service not currently available'],
]
const BAD_SIGNATURE: Fault = [{ signature: toHex(new Uint8Array(64)) }, 4, 'Signature verification failed']
const BAD_TOKENS: readonly Fault[] = [
  [{ service_info: { token: 'é' } }, 1, 'Invalid APNs device token (expected 64 hex, got 2B)'],
  [{ service: 'firebase', service_info: { token: 'short' } }, 4, 'An error occured while processing your request'],
]
const SUBSCRIBE_FAULTS: readonly Fault[] = [
  ...COMMON,
  [{ enc_key: 'x' }, 4, wrongBytes],
  [{ namespaces: [true] }, 4, "Invalid value given for 'namespaces': expected an array of numbers"],
  [{ data: 1 }, 4, "Invalid value given for 'data': expected a boolean"],
  [{ namespaces: [] }, 4, 'Subscription: namespaces missing or empty'],
  [{ sig_ts: 0.9 }, 4, 'Subscription: signature timestamp is missing'],
  [{ sig_ts: -1 }, 4, /^Subscription: sig_ts timestamp is too old/],
  [{ sig_ts: 1e300 }, 4, 'Subscription: sig_ts timestamp is too far in the future'],
  BAD_SIGNATURE,
  ...BAD_TOKENS,
]
const UNSUBSCRIBE_FAULTS: readonly Fault[] = [
  ...COMMON,
  ...BAD_TOKENS,
  [{ sig_ts: now - 86_401 }, 4, 'An error occured while processing your request'],
  BAD_SIGNATURE,
]

/** Two faults at once, the earlier one first; those that change the same field cannot be made together. */
function pairs(faults: readonly Fault[]): readonly (readonly [Fault, Fault])[] {
  return faults.flatMap((first, i) =>
    faults
      .slice(i + 1)
      .filter(([change]) => !Object.keys(change).some((name) => name in first[0]))
      .map((second) => [first, second] as const),
  )
}

describe.each([
  ['checkSubscribe', subscribe, checkSubscribe, SUBSCRIBE_FAULTS],
  ['checkUnsubscribe', unsubscribe, checkUnsubscribe, UNSUBSCRIBE_FAULTS],
] as const)('%s', (_name, good, check, faults) => {
  it('takes a good request and refuses each fault', async () => {
    expect(await check(good, context)).toMatchObject({ account: user.account, token: vectors.tokens.apns })
    for (const [change, code, text] of faults) {
      expectRefusal(await refusal(check({ ...good, ...change }, context)), code, text)
    }
  })

  it('reports the first of two faults', async () => {
    const both = pairs(faults)
    expect(both.length).toBeGreaterThan(40)
    for (const [[first, code, text], [second]] of both) {
      expectRefusal(await refusal(check({ ...good, ...second, ...first }, context)), code, text)
    }
  })

  it('verifies no signature before all that is checked earlier', async () => {
    const before = faults.slice(0, faults.indexOf(BAD_SIGNATURE))
    for (const [change] of before) {
      const verify = (): never => {
        throw new Error('verified too early')
      }
      expect(await refusal(check({ ...good, ...change }, { ...context, verify }))).toBeDefined()
    }
  })

  it('lets the verification fail for a reason of its own', async () => {
    const broken = new Error('the thread is gone')
    const verify = (): Promise<boolean> => Promise.reject(broken)
    await expect(check(good, { ...context, verify })).rejects.toBe(broken)
  })

  it('believes the key check that it is given', async () => {
    expect(await refusal(check(good, { ...context, isKeyOfUser: () => false }))).toEqual({
      code: 4,
      text: 'account_id/session_ed25519 mismatch: session_ed25519 does not convert to given account_id',
    })
    const isKeyOfUser = rememberingKeyCheck(crypto, 2)
    expect(await refusal(check(good, { ...context, isKeyOfUser }))).toBeUndefined()
    expect(await refusal(check(good, { ...context, isKeyOfUser }))).toBeUndefined()
  })

  it('names a missing field and not what the others hold', async () => {
    for (const name of Object.keys(good)) {
      const { [name]: _left, ...rest } = good
      const code = ['enc_key', 'namespaces', 'data'].includes(name) ? PushErrorCode.BadInput : PushErrorCode.Error
      expect(await refusal(check(rest, context))).toEqual({ code, text: `Missing required parameter '${name}'` })
    }
  })

  it('takes a member that every object inherits for none', async () => {
    const { service: _left, ...rest } = good
    const inherited = Object.assign(Object.create({ service: 'apns' }) as object, rest)
    expect(await refusal(check(inherited, context))).toMatchObject({ text: "Missing required parameter 'service'" })
  })

  it('says nothing of the request in the message of the error', async () => {
    await expect(check({ ...good, service: 'pigeon' }, context)).rejects.toThrow(
      /^the push request is refused with code 2$/,
    )
  })

  it('throws nothing but its error, whatever is changed', async () => {
    const names = [...Object.keys(good), 'subaccount', 'subaccount_sig']
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary', maxLength: 140 }),
      fc.constantFrom<unknown[]>(...Object.values(good)),
      fc.uint8Array({ maxLength: 70 }).map(toHex),
      fc.uint8Array({ maxLength: 70 }).map(toBase64),
      fc.double(),
    )
    const changes = fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, maxKeys: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          changes.map((change) => ({ ...good, ...change })),
        ),
        async (request) => {
          const reason = await refusal(check(request, context))
          if (reason === undefined) expect(request).toMatchObject({ pubkey: user.account.hex })
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('checkSubscribe', () => {
  it('gives what was asked for as bytes and numbers', async () => {
    expect(await checkSubscribe(subscribe, context)).toEqual({
      account: user.account,
      service: 'apns',
      token: vectors.tokens.apns,
      serviceData: new Uint8Array(0),
      signedAt: now,
      encryptionKey: hex(vectors.enc_key),
      namespaces: [0, 2],
      wantsData: true,
    })
  })

  it('cuts fractions off and lets namespaces wrap around, and the signature covers the outcome', async () => {
    const odd = { ...subscribe, sig_ts: now + 0.9, namespaces: [-65_536.5, 65_538.9] }
    expect(await checkSubscribe(odd, context)).toMatchObject({ signedAt: now, namespaces: [0, 2] })
  })

  it('keeps both ends of its time open', async () => {
    const at = (sig_ts: number): Promise<unknown> => refusal(checkSubscribe(signed({ ...subscribe, sig_ts }), context))
    const days14 = 14 * 86_400
    expect(await at(now - days14)).toEqual({ code: 4, text: 'Subscription: sig_ts timestamp is too old (1209600s)' })
    expect(await at(now - days14 + 1)).toBeUndefined()
    expect(await at(now + 86_399)).toBeUndefined()
    expect(await at(now + 86_400)).toMatchObject({ text: 'Subscription: sig_ts timestamp is too far in the future' })
  })

  it('reads raw bytes, which are told apart by their length', async () => {
    const encryptionKey = utf8('k'.repeat(30) + 'é')
    const raw = { ...subscribe, enc_key: 'k'.repeat(30) + 'é' }
    expect(await checkSubscribe(raw, context)).toMatchObject({ encryptionKey })
    expect(await refusal(checkSubscribe({ ...subscribe, enc_key: 'k'.repeat(31) + 'é' }, context))).toBeDefined()
  })
})

describe.each(implementations)('subaccounts with %s crypto', (_name, implementation) => {
  const owner = hex(vectors.keys.group_admin.seed)
  const member = hex(vectors.keys.group_member.seed)
  const account = userSigner(implementation, hex(vectors.keys.user.seed)).account
  const made = createToken(implementation, owner, implementation.ed25519.publicKey(member), 1)

  it('are refused for an account whose key did not sign the token', async () => {
    const signer = subaccountSigner(implementation, account, made, member)
    const request = {
      ...buildUnsubscribeRequest(signer, { ...device, signedAt: now }),
      session_ed25519: vectors.keys.user.ed25519,
    }
    const reason = await refusal(checkUnsubscribe(request, { ...context, crypto: implementation }))
    expect(reason?.text).toBe('Invalid subaccount: subaccount and main account have mismatched network prefix')
  })
})
