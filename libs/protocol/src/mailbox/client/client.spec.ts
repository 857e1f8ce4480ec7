import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Crypto, toHex, utf8 } from '#crypto'
import {
  type AccountRequest,
  blindedMember,
  buildDelete,
  buildDeleteAll,
  buildDeleteBefore,
  buildExpire,
  buildExpireAll,
  buildGetExpiries,
  buildRetrieve,
  buildRevokedSubaccounts,
  buildRevokeSubaccount,
  buildStore,
  buildUnrevokeSubaccount,
  buildUnsignedRetrieve,
  buildUnsignedStore,
  checkRequest,
  createBlindedToken,
  createToken,
  encodeMailboxRequest,
  encodeMemberAuth,
  encodeToken,
  fromBase64,
  groupSigner,
  isAccountRequest,
  MemberAuthError,
  memberSigner,
  parseMailboxRequest,
  parseToken,
  Permission,
  type RecursiveRequest,
  type RequestSigner,
  SwarmReplyError,
  subaccountSigner,
  toBase64,
  userSigner,
  verifySwarmReply,
} from '../index.ts'
import { account, hex, implementations, requestText, vectors } from '../vectors.suite.ts'

const { accounts, group_subaccounts: subaccounts } = vectors
const NOW = 1_700_000_000_000
const HASH = 'A'.repeat(43)

/** One request of every method that an account makes. */
function everyRequest(signer: RequestSigner): AccountRequest[] {
  const token = new Uint8Array(36).fill(3)
  return [
    buildUnsignedStore(signer.account, { namespace: 0, timestamp: NOW, ttl: 20_000, data: utf8('data') }),
    buildStore(signer, { namespace: 2, timestamp: NOW, ttl: 20_000, data: new Uint8Array() }),
    buildStore(signer, { namespace: -1, timestamp: NOW, ttl: 20_000, data: utf8('x'), signatureTimestamp: NOW + 1 }),
    buildUnsignedRetrieve(signer.account, { namespace: -10 }),
    buildRetrieve(signer, { namespace: 0 }, NOW),
    buildRetrieve(signer, { namespace: 11, lastHash: HASH, maxCount: 5, maxSize: -2, wait: 20_000 }, NOW),
    buildDelete(signer, [HASH, 'b'.repeat(43)]),
    buildDelete(signer, [HASH], true),
    buildDeleteAll(signer, 'all', NOW),
    buildDeleteAll(signer, 0, NOW),
    buildDeleteBefore(signer, -11, NOW),
    buildExpireAll(signer, 3, NOW),
    buildExpire(signer, [HASH], [NOW + 1]),
    buildExpire(signer, [HASH, 'b'.repeat(43)], [NOW + 1, NOW + 2], 'extend'),
    buildExpire(signer, [HASH, 'b'.repeat(43)], [NOW + 1], 'shorten'),
    buildGetExpiries(signer, [HASH], NOW),
    buildRevokeSubaccount(signer, [token], NOW),
    buildUnrevokeSubaccount(signer, [token, token], NOW),
  ]
}

function check(crypto: Crypto, request: AccountRequest): void {
  checkRequest(crypto, request, { now: NOW, hardFork: [19, 4], isRevoked: () => false })
}

describe.each(implementations)('mailbox clients with %s crypto', (_name, crypto) => {
  const user = userSigner(crypto, hex(accounts.user.ed25519_seed))
  const group = groupSigner(crypto, hex(accounts.group.ed25519_seed))

  it('know their own accounts', () => {
    expect(user.account.hex).toBe(accounts.user.account_id)
    expect(group.account.hex).toBe(accounts.group.account_id)
  })

  it.each([
    ['users', user],
    ['groups', group],
  ])('make requests that a node reads back as they were and accepts: %s', (_who, signer) => {
    for (const request of everyRequest(signer)) {
      const parsed = parseMailboxRequest(encodeMailboxRequest(request))
      expect(parsed).toEqual(request)
      expect(() => check(crypto, request)).not.toThrow()
    }
  })

  it('list revoked tokens as the group itself', () => {
    const request = buildRevokedSubaccounts(group, NOW)
    expect(parseMailboxRequest(encodeMailboxRequest(request))).toEqual(request)
    expect(() => check(crypto, request)).not.toThrow()
  })

  it('encode requests about the network and requests within requests', () => {
    const info = { method: 'info' } as const
    const request = {
      method: 'ifelse',
      conditions: { hardForkAtLeast: [19, 3], versionBefore: [3], heightAtLeast: 0 },
      then: { method: 'batch', requests: [info, { method: 'get_swarm', account: user.account }] },
      else: {
        method: 'sequence',
        requests: [
          { method: 'active_nodes_bin' },
          { method: 'oxend_request', endpoint: 'ons_resolve', params: { type: 0 } },
        ],
      },
    } as const
    expect(parseMailboxRequest(encodeMailboxRequest(request))).toEqual(request)
  })

  it('sign as the transcript does', () => {
    let compared = 0
    const signers = [user, group]
    for (const step of vectors.transcript) {
      if (step.verify_key === undefined || step.expect.code !== 200) continue
      const request = parseMailboxRequest(utf8(requestText(step)))
      if (!isAccountRequest(request)) continue
      const signer = signers.find((one) => one.account.hex === request.account.hex)
      if (signer === undefined || 'subaccount' in (step.request?.params ?? {})) continue
      const again = rebuild(signer, request)
      if (again === undefined) continue
      expect(parseMailboxRequest(encodeMailboxRequest(again))).toEqual(request)
      compared++
    }
    expect(compared).toBe(31)
  })
})

/** The same request, signed anew. */
function rebuild(signer: RequestSigner, request: AccountRequest): AccountRequest | undefined {
  switch (request.method) {
    case 'store': {
      const { namespace, timestamp, expiry, data, signatureTimestamp } = request
      return buildStore(signer, { namespace, timestamp, ttl: expiry - timestamp, data, signatureTimestamp })
    }
    case 'retrieve': {
      const { method: _method, account: _account, signed, ...options } = request
      return signed && buildRetrieve(signer, options, signed.timestamp)
    }
    case 'delete':
      return buildDelete(signer, request.hashes, request.isRequired)
    case 'delete_all':
      return buildDeleteAll(signer, request.namespace, request.timestamp)
    case 'delete_before':
      return buildDeleteBefore(signer, request.namespace, request.before)
    case 'expire_all':
      return buildExpireAll(signer, request.namespace, Number(request.expiry))
    case 'expire':
      return buildExpire(signer, request.hashes, request.expiries.map(Number), request.mode)
    case 'get_expiries':
      return buildGetExpiries(signer, request.hashes, request.timestamp)
    case 'revoke_subaccount':
      return buildRevokeSubaccount(signer, request.tokens, request.timestamp)
    case 'unrevoke_subaccount':
      return buildUnrevokeSubaccount(signer, request.tokens, request.timestamp)
    case 'revoked_subaccounts':
      return buildRevokedSubaccounts(signer, request.timestamp)
  }
}

describe.each(implementations)('subaccounts with %s crypto', (_name, crypto) => {
  const { blinded } = subaccounts
  const groupSeed = hex(blinded.group_seed)
  const group = groupSigner(crypto, groupSeed).account

  it.each(subaccounts.tokens)('have a token of 36 bytes signed by the owner: $name', (vector) => {
    const token = hex(vector.token)
    const key = hex(subaccounts.member_ed25519_public)
    expect(toBase64(token)).toBe(vector.token_base64)
    expect(parseToken(token)).toEqual({ prefix: vector.prefix, flags: vector.flags, key: token.subarray(4) })
    expect(toHex(encodeToken({ prefix: vector.prefix, flags: vector.flags, key }))).toBe(vector.token)
    expect(toBase64(crypto.ed25519.sign(token, groupSeed))).toBe(vector.signature)
    if (vector.prefix !== 3) return
    const made = createToken(crypto, groupSeed, key, vector.flags)
    expect([toHex(made.token), toBase64(made.signature)]).toEqual([vector.token, vector.signature])
  })

  it('are blinded by the admin', () => {
    const made = createBlindedToken(crypto, groupSeed, account(blinded.member_session_id))
    expect(toHex(made.factor)).toBe(blinded.blind_factor_k)
    expect(toHex(made.token)).toBe(blinded.token)
    expect(toHex(made.signature)).toBe(blinded.token_signature)
    expect(toHex(encodeMemberAuth(made))).toBe(blinded.admin_auth_data_100)
  })

  it('sign with the blinded key', () => {
    const member = blindedMember(crypto, group, hex(blinded.member_ed25519_seed), hex(blinded.admin_auth_data_100))
    expect(toHex(member.token)).toBe(blinded.token)
    expect(toHex(member.tokenSignature)).toBe(blinded.token_signature)
    expect(toHex(member.sign(utf8(blinded.message_text)))).toBe(blinded.signature)
  })

  it.each(vectors.origin.filter(({ name }) => name === 'subaccount'))('sign as published', (vector) => {
    const seed = hex(vector.group_seed)
    const made = createBlindedToken(crypto, seed, account(vector.member_session_id))
    expect(toBase64(made.token)).toBe(vector.subaccount)
    expect(toBase64(made.signature)).toBe(vector.subaccount_sig)
    const memberAuth = encodeMemberAuth(made)
    const member = blindedMember(crypto, account(vector.group_id), hex(vector.member_ed25519_seed), memberAuth)
    expect(toBase64(member.sign(utf8(vector.message_text)))).toBe(vector.signature)
  })

  it('are accepted whatever the sign bits of the keys, and not for another member', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const memberAccount = userSigner(crypto, seed).account
        const memberAuth = encodeMemberAuth(createBlindedToken(crypto, groupSeed, memberAccount, 7))
        const signer = memberSigner(crypto, group, seed, memberAuth)
        const request = buildDelete(signer, [HASH])
        expect(parseMailboxRequest(encodeMailboxRequest(request))).toEqual(request)
        expect(() => check(crypto, request)).not.toThrow()
        const other = crypto.blake2b(seed, { length: 32 })
        expect(() => memberSigner(crypto, group, other, memberAuth)).toThrow(MemberAuthError)
      }),
      { numRuns: crypto.implementation === 'native' ? 10 : 4 },
    )
    expect(() => memberSigner(crypto, group, groupSeed, new Uint8Array(99))).toThrow(MemberAuthError)
  })

  it.each([
    ['retrieve', Permission.Read],
    ['get_expiries', Permission.Read],
    ['expire', Permission.Write],
    ['store', Permission.Write],
    ['delete', Permission.Delete],
    ['delete_all', Permission.Delete],
    ['delete_before', Permission.Delete],
    ['expire_all', Permission.Delete],
  ] as const)('need a permission for %s and no other', (method, permission) => {
    const seed = hex(subaccounts.member_ed25519_seed)
    const withFlags = (flags: number): AccountRequest[] => {
      const made = createToken(crypto, groupSeed, crypto.ed25519.publicKey(seed), flags)
      return everyRequest(subaccountSigner(crypto, group, made, seed)).filter((request) => {
        const isOutbox = request.method === 'store' && request.namespace === -1
        const isShorten = request.method === 'expire' && request.mode === 'shorten'
        const isSigned = request.method !== 'retrieve' || request.signed !== undefined
        const isPublic = request.method === 'store' && request.namespace === 0
        return request.method === method && isSigned && !isPublic && !isOutbox && !isShorten
      })
    }
    for (const request of withFlags(permission)) expect(() => check(crypto, request)).not.toThrow()
    const denied = withFlags(7 & ~permission)
    expect(denied.length).toBeGreaterThan(0)
    for (const request of denied) expect(() => check(crypto, request)).toThrow('status 401')
  })

  it('may not revoke, whatever their permissions', () => {
    const seed = hex(subaccounts.member_ed25519_seed)
    const made = createToken(crypto, groupSeed, crypto.ed25519.publicKey(seed), 15)
    const signer = subaccountSigner(crypto, group, made, seed)
    expect(() => check(crypto, buildRevokeSubaccount(signer, [made.token], NOW))).toThrow('status 401')
    expect(() => check(crypto, buildUnrevokeSubaccount(signer, [made.token], NOW))).toThrow('status 401')
    expect(() => check(crypto, buildRevokedSubaccounts(signer, NOW))).toThrow('status 401')
  })
})

describe.each(implementations)('verifySwarmReply with %s crypto', (_name, crypto) => {
  const recursive = vectors.transcript.flatMap((step) => {
    if (step.expect.code !== 200 && step.expect.code !== 404) return []
    const request = parseMailboxRequest(utf8(requestText(step)))
    return typeof step.expect.body === 'object' && typeof step.expect.body['swarm'] === 'object'
      ? [{ name: step.name, request: request as RecursiveRequest, body: step.expect.body }]
      : []
  })

  it('has every recursive method before it', () => {
    expect(new Set(recursive.map(({ request }) => request.method))).toEqual(
      new Set([
        'store',
        'delete',
        'delete_all',
        'delete_before',
        'expire_all',
        'expire',
        'revoke_subaccount',
        'unrevoke_subaccount',
      ]),
    )
  })

  it.each(recursive)('confirms all nodes of $name', ({ request, body }) => {
    const verdicts = verifySwarmReply(crypto, request, body)
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['confirmed', 'confirmed', 'confirmed'])
  })

  it('finds a changed result, a foreign signature and a failure', () => {
    const [vector] = recursive.filter(({ name }) => name === 'delete')
    if (vector === undefined) throw new Error('no delete')
    const swarm = vector.body['swarm'] as Record<string, Record<string, unknown>>
    const [first, second, third] = Object.keys(swarm)
    if (first === undefined || second === undefined || third === undefined) throw new Error('no three nodes')
    const verdicts = verifySwarmReply(crypto, vector.request, {
      swarm: {
        [first]: { ...swarm[first], deleted: [] },
        [second]: { ...swarm[second], signature: swarm[first]?.['signature'] },
        [third]: { failed: true, timeout: true },
        ab: 'text',
        cd: { ...swarm[third] },
      },
    })
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['forged', 'forged', 'failed', 'forged', 'forged'])
  })

  it('takes whatever a node may send without throwing', () => {
    const key = vectors.nodes[0]?.ed25519_public ?? ''
    fc.assert(
      fc.property(fc.constantFrom(...recursive), fc.jsonValue(), fc.jsonValue(), ({ request }, members, field) => {
        const signature = toBase64(new Uint8Array(64))
        const wild = { signature, hash: field, deleted: field, updated: field, expiry: field, unchanged: field }
        for (const value of [members, wild]) {
          const [verdict] = verifySwarmReply(crypto, request, { swarm: { [key]: value } })
          expect(verdict?.verdict).not.toBe('confirmed')
        }
      }),
      { numRuns: 50 },
    )
    expect(() => verifySwarmReply(crypto, recursive[0]?.request as RecursiveRequest, 'text')).toThrow(SwarmReplyError)
    expect(fromBase64('****')).toBeUndefined()
  })
})
