import type { ClientEnvironment } from '../environment.ts'
import { NotEnoughNodesError } from '../nodes/errors.ts'
import { type NodeDirectory, STRIKES } from '../nodes/node-directory.ts'
import type { OnionNode } from '../nodes/onion-node.ts'
import { guardOf, type OnionPath, passes } from './path.ts'
import { pickNodes } from './pick-nodes.ts'

export interface PathOptions {
  /** Paths, and so guards, that are kept; default 2. */
  readonly paths?: number
  /** Nodes of a path; default 3. */
  readonly hops?: number
  /** Whether all nodes in use must lie in different /24s; default false, as on a network in one place. */
  readonly distinctSubnets?: boolean
  /** Ed25519 keys of guards from an earlier run, used again while they are in the list. */
  readonly guards?: readonly string[]
}

/** What a request asks of its path. */
export interface PathWish {
  /** A node that must not be on the path: the destination. */
  readonly without?: string | undefined
  /** A path to be left alone if there is another: it has just failed. */
  readonly avoid?: OnionPath | undefined
}

/**
 * The paths in use (onion requests §10.3). Guards outlive their paths: when another hop is dropped, the path is built anew behind the same
 * guard, so that few nodes ever learn the address of the client.
 */
export class PathPool {
  readonly #environment: ClientEnvironment
  readonly #directory: NodeDirectory
  readonly #options: Required<PathOptions>
  readonly #failures = new Map<OnionPath, number>()
  #guards: readonly string[]
  #paths: readonly OnionPath[] = []

  constructor(environment: ClientEnvironment, directory: NodeDirectory, options: PathOptions = {}) {
    this.#environment = environment
    this.#directory = directory
    this.#options = { paths: 2, hops: 3, distinctSubnets: false, guards: [], ...options }
    this.#guards = this.#options.guards
  }

  /** Ed25519 keys of the guards in use, to be kept for the next run. */
  get guards(): readonly string[] {
    return this.#guards
  }

  /** A path that fits the wish, built if need be. Throws `NotEnoughNodesError` and what the directory throws. */
  async pick(wish: PathWish = {}): Promise<OnionPath> {
    const found = this.#choose(await this.#directory.nodes(), wish)
    if (found !== undefined) return found
    await this.#directory.refresh()
    const second = this.#choose(await this.#directory.nodes(), wish)
    if (second === undefined) throw new NotEnoughNodesError()
    return second
  }

  /** Counts a failure for the path and for each of its hops but the guard; at the third the path and its guard are dropped. */
  fail(path: OnionPath): void {
    const failures = (this.#failures.get(path) ?? 0) + 1
    this.#failures.set(path, failures)
    for (const node of path.nodes.slice(1)) this.#directory.strike(node.ed25519)
    if (failures >= STRIKES) this.#directory.drop(guardOf(path).ed25519)
  }

  /** Forgets the failures of a path that has done its work. */
  succeed(path: OnionPath): void {
    this.#failures.delete(path)
    for (const node of path.nodes) this.#directory.forgive(node.ed25519)
  }

  #choose(nodes: readonly OnionNode[], wish: PathWish): OnionPath | undefined {
    this.#repair(nodes)
    const fitting = this.#paths.filter((path) => wish.without === undefined || !passes(path, wish.without))
    const others = fitting.filter((path) => path !== wish.avoid)
    return this.#any(others) ?? this.#any(fitting) ?? this.#detour(nodes, wish.without)
  }

  /** Throws away the paths with dropped nodes and fills up behind the guards that are left. */
  #repair(nodes: readonly OnionNode[]): void {
    const alive = new Map(nodes.map((node) => [node.ed25519, node]))
    this.#paths = this.#paths.filter((path) => path.nodes.every((node) => alive.has(node.ed25519)))
    for (const path of this.#failures.keys()) if (!this.#paths.includes(path)) this.#failures.delete(path)
    this.#guards = this.#guards.filter((guard) => alive.has(guard))
    while (this.#paths.length < this.#options.paths) {
      const idle = this.#guards.find((name) => !this.#paths.some((path) => guardOf(path).ed25519 === name))
      const path = this.#build(nodes, idle === undefined ? undefined : alive.get(idle))
      if (path === undefined) return
      this.#paths = [...this.#paths, path]
      if (idle === undefined) this.#guards = [...this.#guards, guardOf(path).ed25519]
    }
  }

  #build(nodes: readonly OnionNode[], guard: OnionNode | undefined): OnionPath | undefined {
    const guards = nodes.filter((node) => this.#guards.includes(node.ed25519))
    const inUse = [...this.#paths.flatMap((path) => path.nodes), ...guards.filter((node) => node !== guard)]
    return this.#assemble(nodes, guard, inUse)
  }

  /** A path that is not kept, behind a guard in use, around a destination that lies on every kept path. */
  #detour(nodes: readonly OnionNode[], without: string | undefined): OnionPath | undefined {
    const pool = nodes.filter((node) => node.ed25519 !== without)
    const guards = pool.filter((node) => this.#guards.includes(node.ed25519))
    return this.#assemble(pool, this.#any(guards), [])
  }

  #assemble(
    pool: readonly OnionNode[],
    guard: OnionNode | undefined,
    inUse: readonly OnionNode[],
  ): OnionPath | undefined {
    const { hops, distinctSubnets } = this.#options
    const fixed = guard === undefined ? [] : [guard]
    const rules = { taken: [...inUse, ...fixed], distinctSubnets }
    const picked = pickNodes(this.#environment.random, pool, hops - fixed.length, rules)
    const [first, ...others] = [...fixed, ...(picked ?? [])]
    return picked === undefined || first === undefined ? undefined : { nodes: [first, ...others] }
  }

  #any<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#environment.random() * items.length)]
  }
}
