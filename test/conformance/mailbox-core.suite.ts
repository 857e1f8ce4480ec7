import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  type AccountId,
  type AccountRequest,
  buildDeleteAll,
  buildRetrieve,
  buildRevokeSubaccount,
  buildStore,
  buildUnrevokeSubaccount,
  buildUnsignedRetrieve,
  buildUnsignedStore,
  createBlindedToken,
  encodeMailboxRequest,
  encodeMemberAuth,
  groupSigner,
  MEMBER_FLAGS,
  memberSigner,
  type NetworkState,
  Permission,
  type RequestSigner,
  subaccountSigner,
  SwarmMap,
  type SwarmNode,
  userSigner,
} from '#protocol'
import { account, hex, requestText, vectors } from '#protocol/mailbox/vectors.suite'

export interface Answer {
  readonly code: number
  readonly body: unknown
}

/** What a way to the core is told of the network. */
export interface CoreSetup {
  readonly nodes: readonly SwarmNode[]
  /** Seeds of all nodes, 32 bytes each. */
  readonly seeds: readonly Uint8Array[]
  readonly state: NetworkState
  /** Milliseconds since the Unix epoch; the test moves them. */
  readonly clock: { now(): number }
}

/** A core, or several, behind some way in. */
export interface CoreHarness {
  /** Asks the node with this Ed25519 key (hex). */
  ask(node: string, text: Uint8Array): Promise<Answer>
  close(): Promise<void>
}

export const vectorNodes: readonly SwarmNode[] = vectors.nodes.map((node) => ({
  publicIp: node.ip,
  storagePort: node.port_https,
  quicPort: node.port_omq,
  pubkeyEd25519: node.ed25519_public,
  pubkeyX25519: node.x25519_public,
  pubkeyLegacy: node.legacy_public,
  swarmId: BigInt(node.swarm_id),
}))

const { hf: hardFork, version, height } = vectors.server
const swarms = new SwarmMap(vectors.server.swarm_ids.map(BigInt))

/** What cores are made on: a store without messages, and a bus. */
export interface CoreBackends {
  open(setup: CoreSetup): Promise<CoreHarness>
  close(): Promise<void>
}

/** Runs the published vectors of the mailboxes against a core on fresh backends. */
export function describeMailboxCore(name: string, start: () => Promise<CoreBackends>): void {
  describe(`mailboxes, ${name}`, () => {
    let backends: CoreBackends
    let harness: CoreHarness
    let now = 0
    const clock = { now: () => now }

    beforeAll(async () => {
      backends = await start()
      const seeds = vectors.nodes.map((node) => hex(node.ed25519_seed))
      harness = await backends.open({ nodes: vectorNodes, seeds, state: { hardFork, version, height }, clock })
    })

    afterAll(async () => {
      await harness.close()
      await backends.close()
    })

    const user = userSigner(nativeCrypto, hex(vectors.accounts.user.ed25519_seed))
    const group = groupSigner(nativeCrypto, hex(vectors.accounts.group.ed25519_seed))
    const ask = (request: AccountRequest): Promise<Answer> => {
      return harness.ask(nodeOf(request.account), encodeMailboxRequest(request))
    }
    /** After the time of the transcript, so that sections do not meet. */
    const startAt = (at: number): number => (now = 1_800_000_000_000 + at * 40 * 86_400_000)

    describe('transcript', () => {
      let steps = 0
      it.each(vectors.transcript)('$name', async (step) => {
        now = step.now
        const answer = await harness.ask(step.entry_node_ed25519, utf8(requestText(step)))
        expect(withoutOrder(answer)).toStrictEqual(withoutOrder(step.expect))
        steps++
      })

      it('ran completely', () => expect(steps).toBe(137))
    })

    describe('paging', () => {
      let cases = 0
      it.each(vectors.paging.cases.map((one, i) => ({ ...one, i })))('case $i', async (one) => {
        const timestamp = startAt(0)
        // A public inbox for each case.
        const namespace = 1_000 + 10 * one.i
        for (const [n, size] of one.message_sizes.entries()) {
          const data = new Uint8Array(size).fill(n)
          const stored = await ask(buildUnsignedStore(user.account, { namespace, timestamp, ttl: 86_400_000, data }))
          expect(stored.code).toBe(200)
        }
        const { max_count: maxCount, max_size: maxSize } = one
        const limits = { ...(maxCount !== null && { maxCount }), ...(maxSize !== null && { maxSize }) }
        const { body } = await ask(buildRetrieve(user, { namespace, ...limits }, timestamp))
        const { messages, more } = body as { messages: unknown[]; more: boolean }
        expect([messages.length, more]).toEqual([one.returned, one.more])
        cases++
      })

      it('ran completely', () => expect(cases).toBe(12))
    })

    describe('message_hashes', () => {
      let cases = 0
      it.each(vectors.message_hashes)('$name', async ({ account_id, namespace, hash, data_length, data }) => {
        const timestamp = startAt(1)
        const message = { namespace, timestamp, ttl: 86_400_000, data: data === undefined ? longest() : hex(data) }
        expect(message.data).toHaveLength(data_length)
        const signer = [user, group].find((one) => one.account.hex === account_id)
        const request =
          signer === undefined ? buildUnsignedStore(account(account_id), message) : buildStore(signer, message)
        expect(await ask(request)).toMatchObject({ code: 200, body: { hash } })
        cases++
      })

      it('ran completely', () => expect(cases).toBe(12))
    })

    describe('namespaces', () => {
      let cases = 0
      it.each(vectors.namespaces)('$namespace', async (one) => {
        const timestamp = startAt(2)
        const { namespace } = one
        const unsigned = (n: number): Promise<Answer> => {
          const data = Uint8Array.of(n)
          return ask(buildUnsignedStore(group.account, { namespace, timestamp, ttl: 86_400_000, data }))
        }
        const signed = (n: number, signer = group): Promise<Answer> => {
          return ask(buildStore(signer, { namespace, timestamp, ttl: 86_400_000, data: Uint8Array.of(n) }))
        }
        expect((await unsigned(1)).code).toBe(one.public_inbox ? 200 : 401)
        expect(await signed(2)).toMatchObject({ code: 200 })
        expect(await signed(3)).toMatchObject({ code: 200 })
        const count = ({ body }: Answer): number => (body as { messages: unknown[] }).messages.length
        // Long lives are for signed namespaces.
        const late = { namespace, timestamp, ttl: 14 * 86_400_000 + 1, data: Uint8Array.of(4) }
        expect((await ask(buildStore(group, late))).code).toBe(one.public_inbox ? 403 : 200)
        const all = one.public_outbox ? 1 : 3
        expect(count(await ask(buildRetrieve(group, { namespace }, timestamp)))).toBe(all)
        const read = await ask(buildUnsignedRetrieve(group.account, { namespace }))
        expect(read.code).toBe(one.noauth_retrieve ? 200 : namespace === 0 ? 401 : 400)

        const member = memberOf(group)
        await ask(buildRevokeSubaccount(group, [member.token], timestamp))
        const revoked = await ask(buildRetrieve(member, { namespace }, timestamp))
        expect(revoked.code).toBe(one.unrevocable_retrieve ? 200 : 401)
        await ask(buildUnrevokeSubaccount(group, [member.token], timestamp))
        expect((await ask(buildRetrieve(member, { namespace }, timestamp))).code).toBe(200)
        cases++
      })

      it('ran completely', () => expect(cases).toBe(31))
    })

    describe('group_subaccounts', () => {
      let cases = 0
      it.each(vectors.group_subaccounts.tokens)('$name', async ({ name, token, signature, flags }) => {
        const timestamp = startAt(3)
        const seed = hex(vectors.group_subaccounts.member_ed25519_seed)
        const subaccount = { token: hex(token), signature: Uint8Array.from(Buffer.from(signature, 'base64')) }
        const member = subaccountSigner(nativeCrypto, group.account, subaccount, seed)
        const message = { namespace: 11, timestamp, ttl: 86_400_000, data: utf8(name) }
        // The transcript has revoked some.
        await ask(buildUnrevokeSubaccount(group, [subaccount.token], timestamp))
        const codes = [
          (await ask(buildRetrieve(member, { namespace: 11 }, timestamp))).code,
          (await ask(buildStore(member, message))).code,
          (await ask(buildDeleteAll(member, 11, timestamp))).code,
        ]
        const isOfGroup = name !== 'wrong-prefix'
        const permitted = [Permission.Read, Permission.Write, Permission.Delete].map(
          (flag) => isOfGroup && (flags & flag) !== 0,
        )
        expect(codes).toEqual(permitted.map((may) => (may ? 200 : 401)))
        cases++
      })

      it('lets a blinded member write and read', async () => {
        const timestamp = startAt(3)
        const { blinded } = vectors.group_subaccounts
        const blindedGroup = groupSigner(nativeCrypto, hex(blinded.group_seed))
        const member = memberSigner(
          nativeCrypto,
          blindedGroup.account,
          hex(blinded.member_ed25519_seed),
          hex(blinded.admin_auth_data_100),
        )
        const message = { namespace: 11, timestamp, ttl: 86_400_000, data: utf8('from a member') }
        expect(await ask(buildStore(member, message))).toMatchObject({ code: 200 })
        const { body } = await ask(buildRetrieve(member, { namespace: 11 }, timestamp))
        const { messages } = body as { messages: { data: string }[] }
        expect(messages.at(-1)?.data).toBe(Buffer.from('from a member').toString('base64'))
      })

      it('ran completely', () => expect(cases).toBe(6))
    })

    describe('swarm_selection', () => {
      it('finds the swarm of every case', async () => {
        await harness.close()
        let cases = 0
        for (const { swarm_ids, pubkey32, selected } of vectors.swarm_selection) {
          const seeds = swarm_ids.map((_, i) => new Uint8Array(32).fill(i + 1))
          const nodes = seeds.map((seed, i) => selectionNode(seed, BigInt(swarm_ids[i] ?? 0)))
          harness = await backends.open({ nodes, seeds, state: { hardFork, version, height }, clock })
          const request = { method: 'get_swarm', account: account(`05${pubkey32}`) } as const
          const { body } = await harness.ask(nodes[0]?.pubkeyEd25519 ?? '', encodeMailboxRequest(request))
          expect(body).toMatchObject({ swarm: BigInt(selected).toString(16) })
          cases++
          if (cases < vectors.swarm_selection.length) await harness.close()
        }
        expect(cases).toBe(60)
      })
    })
  })
}

function nodeOf({ key }: AccountId): string {
  const swarm = swarms.swarmOf(key)
  return vectorNodes.find(({ swarmId }) => swarmId === swarm)?.pubkeyEd25519 ?? ''
}

function selectionNode(seed: Uint8Array, swarmId: bigint): SwarmNode {
  const key = nativeCrypto.ed25519.publicKey(seed)
  return {
    publicIp: '127.0.0.1',
    storagePort: 22_100,
    pubkeyEd25519: toHex(key),
    pubkeyX25519: toHex(nativeCrypto.ed25519.toX25519PublicKey(key)),
    swarmId,
  }
}

function memberOf(group: RequestSigner): RequestSigner & { readonly token: Uint8Array } {
  const member = account(vectors.group_subaccounts.blinded.member_session_id)
  const groupSeed = hex(vectors.accounts.group.ed25519_seed)
  const token = createBlindedToken(nativeCrypto, groupSeed, member, MEMBER_FLAGS)
  const seed = hex(vectors.group_subaccounts.blinded.member_ed25519_seed)
  const signer = memberSigner(nativeCrypto, group.account, seed, encodeMemberAuth(token))
  return { ...signer, token: token.token }
}

/** The longest message of the vectors, by their rule. */
function longest(): Uint8Array {
  const stream = createHash('shake256', { outputLength: 76_800 })
  return Uint8Array.from(stream.update('mailbox-primary\0big').digest())
}

/** The node list is sorted by key here and always says its height (onion requests §10); neither is part of the mailbox formats. */
function withoutOrder(answer: Answer): unknown {
  const { body } = answer as { body: { result?: { service_node_states?: { pubkey_ed25519: string }[] } } }
  const states = typeof body === 'object' ? body.result?.service_node_states : undefined
  if (states === undefined) return answer
  const sorted = [...states].sort((a, b) => (a.pubkey_ed25519 < b.pubkey_ed25519 ? -1 : 1))
  return { code: answer.code, body: { ...body, result: { status: 'OK', service_node_states: sorted } } }
}
