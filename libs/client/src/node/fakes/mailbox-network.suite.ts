import { nativeCrypto } from '#crypto/native/index'
import { type RequestSigner, userSigner } from '#protocol'
import { type Client, createClient } from '../../client.ts'
import { type FakeEnvironment, fakeEnvironment, type FakeNode, fakeNodes, fakeSource } from './environment.suite.ts'
import { answerMailboxes } from './mailbox.suite.ts'
import { FakeNetwork } from './network.suite.ts'
import { guardByTls } from '../../onion/guard-url.ts'

/** A call as a fake node got it. */
export interface Asked {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly node: FakeNode
}

/** What a node answers instead; undefined lets it work. */
export type Disturb = (asked: Asked) => { status: number; body: unknown } | undefined

/** A client in a network of nine nodes with mailboxes, and what its nodes were asked. */
export interface MailboxNetwork {
  readonly client: Client
  readonly environment: FakeEnvironment
  readonly nodes: readonly FakeNode[]
  readonly network: FakeNetwork
  readonly asked: Asked[]
  readonly signer: RequestSigner
  disturb: Disturb
  /** Changes an answer on its way. */
  alter: (body: unknown, asked: Asked) => unknown
  /** How far the clock of the nodes is ahead of that of the client, in milliseconds. */
  skew: number
}

/** A fresh network and a client of it, with an account in one of the three swarms. */
export function mailboxNetwork(seed = 1): MailboxNetwork {
  const environment = fakeEnvironment(seed)
  const nodes = fakeNodes(9)
  const network = new FakeNetwork(nodes)
  const source = fakeSource(nodes, { push: network.service })
  const client = createClient({ environment, transport: network, guardUrl: guardByTls, network: source })
  const made: MailboxNetwork = {
    client,
    environment,
    nodes,
    network,
    asked: [],
    signer: userSigner(nativeCrypto, new Uint8Array(32).fill(77)),
    disturb: () => undefined,
    alter: (body) => body,
    skew: 0,
  }
  const answer = answerMailboxes(nodes, () => Math.round(environment.now() + made.skew))
  network.answer = (rpc, node) => {
    const asked: Asked = { ...(rpc as Omit<Asked, 'node'>), node }
    made.asked.push(asked)
    const disturbed = made.disturb(asked)
    if (disturbed !== undefined) return disturbed
    const { status, body } = answer(rpc, node)
    return { status, body: made.alter(body, asked) }
  }
  return made
}
