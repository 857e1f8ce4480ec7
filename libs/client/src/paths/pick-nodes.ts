import type { OnionNode } from '../nodes/onion-node.ts'
import { subnetOf } from './subnet.ts'

/** What may not be picked, and by which rule. */
export interface PickRules {
  /** Nodes already in use: neither they nor, by the subnet rule, their neighbours are picked. */
  readonly taken: readonly OnionNode[]
  /** Whether no two nodes may share a /24 (onion requests §10.3, §10.4). */
  readonly distinctSubnets: boolean
}

/**
 * `count` random nodes of `pool`, distinct and apart from those taken; undefined when there are not enough. Every node that the rules allow is
 * equally likely at each step.
 */
export function pickNodes(
  random: () => number,
  pool: readonly OnionNode[],
  count: number,
  rules: PickRules,
): readonly OnionNode[] | undefined {
  const picked: OnionNode[] = []
  while (picked.length < count) {
    const taken = [...rules.taken, ...picked]
    const names = new Set(taken.map((node) => node.ed25519))
    const subnets = new Set(rules.distinctSubnets ? taken.map((node) => subnetOf(node.host)) : [])
    const allowed = pool.filter((node) => !names.has(node.ed25519) && !subnets.has(subnetOf(node.host)))
    const node = allowed[Math.floor(random() * allowed.length)]
    if (node === undefined) return undefined
    picked.push(node)
  }
  return picked
}
