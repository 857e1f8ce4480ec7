import { type NodeRecord, sortNodes, SwarmMap } from '#protocol'
import type { OwnNode } from './own-node.ts'

/** Every node the gateway knows: its own and those of other operators. */
export class NodeDirectory {
  /** All records in the order in which every node gives them. */
  readonly all: readonly NodeRecord[]
  /** Which swarm of these nodes serves which account. */
  readonly swarms: SwarmMap
  private readonly ownByKey: ReadonlyMap<string, OwnNode>
  private readonly foreignByKey: ReadonlyMap<string, NodeRecord>

  /** A foreign record with the key of an own node is dropped: the own node is reached without leaving the process. */
  constructor(
    readonly own: readonly OwnNode[],
    foreign: readonly NodeRecord[],
  ) {
    this.ownByKey = new Map(own.map((node) => [node.record.pubkeyEd25519, node]))
    this.foreignByKey = new Map(
      foreign
        .filter(({ pubkeyEd25519 }) => !this.ownByKey.has(pubkeyEd25519))
        .map((node) => [node.pubkeyEd25519, node]),
    )
    this.all = sortNodes([...own.map((node) => node.record), ...this.foreignByKey.values()])
    this.swarms = new SwarmMap(this.all.map((node) => node.swarmId))
  }

  /** The own node with this Ed25519 key (64 hex digits in lower case). */
  findOwn(pubkeyEd25519: string): OwnNode | undefined {
    return this.ownByKey.get(pubkeyEd25519)
  }

  /** Another operator's node with this Ed25519 key (64 hex digits in lower case). */
  findForeign(pubkeyEd25519: string): NodeRecord | undefined {
    return this.foreignByKey.get(pubkeyEd25519)
  }
}
