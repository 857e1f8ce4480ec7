import { type Ed25519Signer, toHex } from '#crypto'
import { SwarmMap, type SwarmNode } from '#protocol'

/** A node that the core answers for. */
export interface ServedNode {
  readonly swarmId: bigint
  /** Ed25519 key, 32 bytes. */
  readonly key: Uint8Array
  /** Those nodes of its swarm that the core signs for, the node itself among them. */
  readonly signers: readonly Ed25519Signer[]
}

/** The nodes of the network as the core needs them: who serves whom, and who signs. */
export class SwarmNetwork {
  readonly #swarms: SwarmMap
  readonly #served: ReadonlyMap<string, ServedNode>
  readonly #members = new Map<bigint, SwarmNode[]>()

  /**
   * @param nodes every node, in the order in which lists name them
   * @param signers keys of the own nodes; one without a record in `nodes` is of no use
   */
  constructor(
    readonly nodes: readonly SwarmNode[],
    signers: readonly Ed25519Signer[],
  ) {
    this.#swarms = new SwarmMap(nodes.map((node) => node.swarmId))
    for (const node of nodes) this.#members.set(node.swarmId, [...this.membersOf(node.swarmId), node])
    const signerOf = new Map(signers.map((signer) => [toHex(signer.publicKey), signer]))
    this.#served = new Map(
      nodes.flatMap(({ pubkeyEd25519, swarmId }) => {
        const signer = signerOf.get(pubkeyEd25519)
        if (signer === undefined) return []
        const inSwarm = this.membersOf(swarmId).flatMap((member) => signerOf.get(member.pubkeyEd25519) ?? [])
        return [[pubkeyEd25519, { swarmId, key: signer.publicKey, signers: inSwarm }]]
      }),
    )
  }

  /** The own node with this Ed25519 key (32 bytes). */
  served(key: Uint8Array): ServedNode | undefined {
    return this.#served.get(toHex(key))
  }

  /** The swarm of an account with this 32-byte key (mailbox RPC §7.2). */
  swarmOf(key: Uint8Array): bigint | undefined {
    return this.#swarms.swarmOf(key)
  }

  /** The nodes of a swarm. */
  membersOf(swarmId: bigint): readonly SwarmNode[] {
    return this.#members.get(swarmId) ?? []
  }
}
