import { describe, expect, it } from '@jest/globals'
import { type Crypto, toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import {
  type AccountRequest,
  checkRequest,
  isAccountRequest,
  type MailboxRequest,
  needsRevocations,
  parseMailboxRequest,
  RpcError,
  signatureClaim,
  SwarmMap,
} from '#protocol'
import { PlainServer } from '#protocol/mailbox/plain-server.suite'
import { hex, requestText, type Step, vectors } from '#protocol/mailbox/vectors.suite'

const implementations: readonly (readonly [string, Crypto])[] = [
  ['native', nativeCrypto],
  ['portable', portableCrypto],
]

const swarms = new SwarmMap(vectors.server.swarm_ids.map(BigInt))
const swarmOfNode = new Map(vectors.nodes.map((node) => [node.ed25519_public, BigInt(node.swarm_id)]))

type Verdict = Step['expect'] | 'accepted' | 'wrong swarm'

/** The request of a step, or the answer of a door that cannot read it. */
function parse(step: Step): MailboxRequest | Step['expect'] {
  try {
    return parseMailboxRequest(utf8(requestText(step)))
  } catch (error) {
    if (error instanceof RpcError) return { code: error.status, body: error.body }
    throw error
  }
}

/** Every account request within a request. */
function accountRequests(request: MailboxRequest): AccountRequest[] {
  if (request.method === 'batch' || request.method === 'sequence') return request.requests.filter(isAccountRequest)
  return isAccountRequest(request) ? [request] : []
}

/** What is decided about a request before any message is looked at. */
function judge(crypto: Crypto, step: Step, request: AccountRequest, revoked: ReadonlySet<string>): Verdict {
  if (swarms.swarmOf(request.account.key) !== swarmOfNode.get(step.entry_node_ed25519)) return 'wrong swarm'
  try {
    checkRequest(crypto, request, {
      now: step.now,
      hardFork: vectors.server.hf,
      isRevoked: (token) => {
        expect(needsRevocations(request)).toBe(true)
        return revoked.has(toHex(token))
      },
    })
  } catch (error) {
    if (error instanceof RpcError) return { code: error.status, body: error.body }
    throw error
  }
  return 'accepted'
}

function signedHex(step: Step): string | undefined {
  return step.signed_hex ?? (step.signed_text === undefined ? undefined : toHex(utf8(step.signed_text)))
}

describe('mailbox.json', () => {
  it('has no section that no suite runs', () => {
    const described = ['format', 'set', 'note', 'server', 'nodes', 'accounts']
    const here = ['transcript']
    const besideTheFormats = [
      'message_hashes',
      'swarm_space',
      'swarm_selection',
      'namespaces',
      'ed25519_to_session_id',
      'ed25519_to_session_id_negative',
      'group_subaccounts',
      'paging',
      'monitor',
      'active_nodes_bin',
      'origin',
    ]
    const claimed = [...described, ...here, ...besideTheFormats]
    expect(Object.keys(vectors).sort()).toEqual(claimed.sort())
  })
})

describe.each(implementations)('the transcript with %s crypto', (_name, crypto) => {
  /** Tokens that are revoked when a step runs, in the order of the transcript. */
  const revoked = new Set<string>()
  const counts = {
    unreadable: 0,
    refused: 0,
    accepted: 0,
    elsewhere: 0,
    withoutAccount: 0,
    signed: 0,
    signedOtherwise: 0,
  }

  it.each(vectors.transcript)('$name', (step) => {
    const request = parse(step)
    if ('code' in request) {
      expect(request).toEqual(step.expect)
      counts.unreadable++
      return
    }
    const requests = accountRequests(request)
    const results =
      request.method === 'batch' || request.method === 'sequence'
        ? (step.expect.body as { results: Step['expect'][] }).results.filter((_, i) => {
            const subrequest = request.requests[i]
            return subrequest !== undefined && isAccountRequest(subrequest)
          })
        : [step.expect]
    if (requests.length === 0) counts.withoutAccount++
    for (const [i, one] of requests.entries()) {
      const expected = results[i]
      if (expected === undefined) throw new Error('a subrequest has no result')
      const verdict = judge(crypto, step, one, revoked)
      if (verdict === 'wrong swarm') {
        expect(expected.code).toBe(421)
        counts.elsewhere++
      } else if (verdict === 'accepted') {
        expect([200, 404]).toContain(expected.code)
        counts.accepted++
      } else {
        expect(verdict).toEqual(expected)
        counts.refused++
      }
      if (verdict !== 'accepted') continue
      if (one.method === 'revoke_subaccount') for (const token of one.tokens) revoked.add(toHex(token))
      if (one.method === 'unrevoke_subaccount') for (const token of one.tokens) revoked.delete(toHex(token))
    }
    const signed = signedHex(step)
    if (signed === undefined) return
    const claims = requests.map(signatureClaim).filter((claim) => claim !== undefined)
    expect(claims).toHaveLength(1)
    const [claim] = claims
    if (claim === undefined || step.verify_key === undefined) throw new Error('a signed step has no claim or key')
    // Some steps sign another text on purpose, and fail; the vector's text is then what the signature covers.
    if (toHex(claim.signedBytes) !== signed) {
      expect(step.expect.body).toMatch(/verification failed$/)
      counts.signedOtherwise++
    }
    const isGenuine = crypto.ed25519.verify(claim.authentication.signature, hex(signed), hex(step.verify_key))
    expect(isGenuine).toBe(step.name !== 'delete-wrong-key')
    counts.signed++
  })

  it('ran completely', () => {
    expect(counts).toEqual({
      unreadable: 34,
      refused: 36,
      accepted: 58,
      elsewhere: 2,
      withoutAccount: 8,
      signed: 70,
      signedOtherwise: 3,
    })
  })
})

describe.each(implementations)('the transcript, carried out with %s crypto', (_name, crypto) => {
  const server = new PlainServer(crypto, {
    hardFork: vectors.server.hf,
    version: vectors.server.version,
    height: vectors.server.height,
    nodes: vectors.nodes.map((node) => ({
      publicIp: node.ip,
      storagePort: node.port_https,
      quicPort: node.port_omq,
      pubkeyEd25519: node.ed25519_public,
      pubkeyX25519: node.x25519_public,
      pubkeyLegacy: node.legacy_public,
      swarmId: BigInt(node.swarm_id),
      signer: crypto.ed25519.createSigner(hex(node.ed25519_seed)),
    })),
  })
  let checks = 0

  it.each(vectors.transcript)('$name', (step) => {
    const reply = server.handle(utf8(requestText(step)), step.entry_node_ed25519, step.now)
    expect(withoutOrder(reply)).toStrictEqual(withoutOrder(step.expect))
    checks++
  })

  it('ran completely', () => {
    expect(checks).toBe(137)
  })
})

/** The node list is sorted by key here and always says its height (onion requests §10); neither is part of the mailbox formats. */
function withoutOrder(reply: { readonly code: number; readonly body: unknown }): unknown {
  const { body } = reply as { body: { result?: { service_node_states?: { pubkey_ed25519: string }[] } } }
  const states = body.result?.service_node_states
  if (states === undefined) return reply
  const sorted = [...states].sort((a, b) => (a.pubkey_ed25519 < b.pubkey_ed25519 ? -1 : 1))
  return { code: reply.code, body: { ...body, result: { status: 'OK', service_node_states: sorted } } }
}
