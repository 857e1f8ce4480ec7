import { SERVICE_NODES_METHODS } from '#protocol'
import type { NodeDirectory } from '#nodes'
import type { SeedMethod } from '../json-rpc.ts'
import { getServiceNodes } from './get-service-nodes.ts'

/** Every method of the seed by name. */
export function seedMethods(directory: NodeDirectory, now: () => number): ReadonlyMap<string, SeedMethod> {
  const method = getServiceNodes(directory, now)
  return new Map([...SERVICE_NODES_METHODS].map((name) => [name, method]))
}
