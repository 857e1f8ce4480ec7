import { describe, expect, it } from '@jest/globals'
import { run } from '../run.ts'
import { fakeContext } from '../testing.suite.ts'

const ACCOUNT = `05${'ab'.repeat(32)}`

interface Listed {
  readonly swarm: string
  readonly nodes: readonly { readonly ed25519: string }[]
}

async function listed(): Promise<Listed> {
  const context = fakeContext()
  expect(await run(['swarm', ACCOUNT, '--json'], context)).toBe(0)
  return JSON.parse(context.out[0] ?? '') as Listed
}

describe('swarm', () => {
  it('lists the nodes of an account, in words or as JSON', async () => {
    const context = fakeContext()
    const { swarm, nodes } = await listed()
    expect(await run(['swarm', ACCOUNT.toUpperCase()], context)).toBe(0)
    expect(context.out[0]).toBe(`Swarm ${swarm} with 3 nodes`)
    expect(context.out.slice(1).map((line) => line.trim().split(/\s+/)[1])).toEqual(nodes.map((node) => node.ed25519))
    expect(context.open).toBe(0)
  })

  it('refuses what is no account id without asking anybody', async () => {
    const context = fakeContext()
    expect(await run(['swarm', ACCOUNT.slice(1)], context)).toBe(2)
    expect(context.err).toEqual(['sotto: an account id has 66 hex digits, such as 05 and 64 more.'])
    expect([context.open, context.fakeNetwork.visits.length]).toEqual([0, 0])
  })
})

describe('rpc', () => {
  it('prints what any node answers', async () => {
    const context = fakeContext()
    expect(await run(['rpc', 'info'], context)).toBe(0)
    expect(JSON.parse(context.out[0] ?? '')).toEqual({
      version: [2, 11, 0],
      timestamp: 1_750_000_000_000,
      t: 1_750_000_000_000,
      hf: [19, 4],
    })
    expect(context.open).toBe(0)
  })

  it('asks the swarm of the account in the parameters', async () => {
    const { nodes } = await listed()
    const context = fakeContext()
    const params = JSON.stringify({ pubkey: ACCOUNT, namespace: -10 })
    expect(await run(['rpc', 'retrieve', params], context)).toBe(0)
    expect(JSON.parse(context.out[0] ?? '')).toMatchObject({ messages: [], more: false })
    const destination = context.fakeNetwork.visits.at(-1)?.at(-1)?.node.ed25519
    expect(nodes.map((node) => node.ed25519)).toContain(destination)
  })

  it('asks the one node that is named, and shows its refusal', async () => {
    const { nodes } = await listed()
    const context = fakeContext()
    const params = JSON.stringify({ pubkey: ACCOUNT, namespace: -10 })
    const all = context.connect().client.directory
    const others = (await all.nodes()).filter((node) => nodes.every((one) => one.ed25519 !== node.ed25519))
    const stranger = others[0]?.ed25519 ?? ''
    expect(await run(['rpc', 'retrieve', params, '--node', stranger], context)).toBe(3)
    expect(JSON.parse(context.out[0] ?? '')).toMatchObject({ snodes: { length: 3 } })
    expect(context.err).toEqual(['sotto: the node answered with status 421.'])
    expect(context.fakeNetwork.visits.at(-1)?.at(-1)?.node.ed25519).toBe(stranger)
  })

  it.each([
    ['the status class of an answer', ['rpc', 'dance'], 1, 'sotto: the node answered with status 400.'],
    ['parameters that are no JSON', ['rpc', 'info', '{'], 2, /^sotto: the parameters are not a JSON object; .*\.$/],
    ['parameters that are no object', ['rpc', 'info', '[]'], 2, /^sotto: the parameters are not a JSON object; .*\.$/],
    ['a node key that is none', ['rpc', 'info', '--node', 'xyz'], 2, /^sotto: --node needs the Ed25519 key .*\.$/],
    ['a node that is not there', ['rpc', 'info', '--node', 'ab'.repeat(32)], 4, /^sotto: there is no such node .*\.$/],
  ])('ends with a sentence and an exit code for %s', async (_what, args, code, sentence) => {
    const context = fakeContext()
    expect(await run(args, context)).toBe(code)
    expect(context.err).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)])
  })
})
