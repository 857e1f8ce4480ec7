import { describe, expect, it } from '@jest/globals'
import { NotEnoughNodesError } from '../nodes/errors.ts'
import { NodeDirectory } from '../nodes/node-directory.ts'
import { fakeEnvironment, fakeNodes, fakeSource } from '../node/fakes/environment.suite.ts'
import { guardOf, type OnionPath, passes } from './path.ts'
import { type PathOptions, PathPool } from './path-pool.ts'
import { subnetOf } from './subnet.ts'

interface Parts {
  readonly pool: PathPool
  readonly directory: NodeDirectory
  readonly source: { loads: number }
}

function setUp(nodes = fakeNodes(12), options: PathOptions = {}, seed = 1): Parts {
  const environment = fakeEnvironment(seed)
  const source = fakeSource(nodes)
  const directory = new NodeDirectory(environment, source)
  return { pool: new PathPool(environment, directory, options), directory, source }
}

async function bothPaths(pool: PathPool): Promise<readonly [OnionPath, OnionPath]> {
  const first = await pool.pick()
  return [first, await pool.pick({ avoid: first })]
}

describe('PathPool', () => {
  it.each([1, 2, 3, 4, 5])('keeps two paths of three hops without a node in common (seed %i)', async (seed) => {
    const { pool } = setUp(fakeNodes(12), {}, seed)
    const paths = await bothPaths(pool)
    const nodes = paths.flatMap((path) => path.nodes)
    expect(new Set(nodes).size).toBe(6)
    expect(new Set(pool.guards)).toEqual(new Set(paths.map((path) => guardOf(path).ed25519)))
    for (let i = 0; i < 20; i++) expect(paths).toContain(await pool.pick())
  })

  it('keeps all nodes in use in different /24s when asked to', async () => {
    const nodes = fakeNodes(12, (index) => `10.0.${Math.floor(index / 2)}.${index + 1}`)
    const { pool } = setUp(nodes, { distinctSubnets: true })
    const used = (await bothPaths(pool)).flatMap((path) => path.nodes)
    expect(new Set(used.map((node) => subnetOf(node.host))).size).toBe(6)
    const { pool: strict } = setUp(fakeNodes(12), { distinctSubnets: true })
    await expect(strict.pick()).rejects.toBeInstanceOf(NotEnoughNodesError)
  })

  it('uses the guards of an earlier run, and no others, while they are in the list', async () => {
    const nodes = fakeNodes(12)
    const guards = nodes.slice(4, 6).map((node) => node.ed25519)
    const { pool } = setUp(nodes, { guards: ['00'.repeat(32), ...guards] })
    const used = (await bothPaths(pool)).map((path) => guardOf(path).ed25519)
    expect(new Set(used)).toEqual(new Set(guards))
    expect(new Set(pool.guards)).toEqual(new Set(guards))
  })

  it('builds a path anew behind the same guard when another hop is dropped', async () => {
    const { pool, directory } = setUp()
    const [first, second] = await bothPaths(pool)
    const bad = first.nodes[2]?.ed25519 ?? ''
    directory.drop(bad)
    const repaired = await pool.pick({ avoid: second })
    expect(guardOf(repaired)).toBe(guardOf(first))
    expect(passes(repaired, bad)).toBe(false)
  })

  it('drops path and guard at the third failure in a row, not before', async () => {
    const { pool, directory } = setUp()
    const [path, other] = await bothPaths(pool)
    pool.fail(path)
    pool.fail(path)
    pool.succeed(path)
    pool.fail(path)
    pool.fail(path)
    expect(await pool.pick({ avoid: other })).toBe(path)
    pool.fail(path)
    expect(directory.isDropped(guardOf(path).ed25519)).toBe(true)
    const replacement = await pool.pick({ avoid: other })
    expect(path.nodes.some((node) => passes(replacement, node.ed25519))).toBe(false)
    expect(pool.guards).not.toContain(guardOf(path).ed25519)
  })

  it('goes around the destination, even when it lies on every path', async () => {
    const nodes = fakeNodes(3)
    const { pool } = setUp([...nodes, ...fakeNodes(4).slice(3)], { paths: 1 })
    const path = await pool.pick()
    for (const node of path.nodes) {
      const around = await pool.pick({ without: node.ed25519 })
      expect(passes(around, node.ed25519)).toBe(false)
      expect(around.nodes).toHaveLength(3)
    }
  })

  it('lives on one path where there are too few nodes for two', async () => {
    const { pool } = setUp(fakeNodes(5))
    const path = await pool.pick()
    expect(await pool.pick({ avoid: path })).toBe(path)
  })

  it('asks for the list once more before it gives up', async () => {
    const { pool, source } = setUp(fakeNodes(2))
    await expect(pool.pick()).rejects.toBeInstanceOf(NotEnoughNodesError)
    expect(source.loads).toBe(2)
  })

  it('forgives dropped nodes when the list is fetched again', async () => {
    const { pool, directory, source } = setUp(fakeNodes(3))
    const path = await pool.pick()
    directory.drop(guardOf(path).ed25519)
    expect((await pool.pick()).nodes).toHaveLength(3)
    expect(source.loads).toBe(2)
  })
})
