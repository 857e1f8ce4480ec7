import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { PlainServer } from '#protocol/mailbox/plain-server.suite'
import { type FakeNode, hex } from './environment.suite.ts'
import type { FakeNetwork } from './network.suite.ts'

const HARD_FORK = [19, 4] as const
const VERSION = [2, 11, 0] as const

type Answer = FakeNetwork['answer']

/** What fake nodes do who share one mailbox server, in swarms of three; `now` is their clock in milliseconds. */
export function answerMailboxes(nodes: readonly FakeNode[], now: () => number): Answer {
  const server = new PlainServer(nativeCrypto, {
    nodes: nodes.map((node) => ({
      publicIp: node.host,
      storagePort: node.port,
      pubkeyEd25519: node.ed25519,
      pubkeyX25519: node.x25519,
      // Far apart on the ring, so that every swarm has its share of accounts.
      swarmId: BigInt(node.swarmId ?? '0') << 61n,
      signer: nativeCrypto.ed25519.createSigner(hex(node.seed)),
    })),
    hardFork: HARD_FORK,
    version: VERSION,
    height: 1_000,
  })
  return (rpc, node) => {
    const { code, body } = server.handle(utf8(JSON.stringify(rpc)), node.ed25519, now())
    return { status: code, body }
  }
}
