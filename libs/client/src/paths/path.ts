import type { OnionNode } from '../nodes/onion-node.ts'

/** A way through the network: the guard first, the exit last. */
export interface OnionPath {
  readonly nodes: readonly [guard: OnionNode, ...others: OnionNode[]]
}

/** The node of a path to which the client speaks. */
export function guardOf(path: OnionPath): OnionNode {
  return path.nodes[0]
}

/** Whether a node is on a path. */
export function passes(path: OnionPath, ed25519: string): boolean {
  return path.nodes.some((node) => node.ed25519 === ed25519)
}
