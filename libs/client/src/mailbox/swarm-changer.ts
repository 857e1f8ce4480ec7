import { encodeRequest, type RecursiveRequest } from '#protocol'
import type { CallOptions, NodeCaller, NodeCallerParts } from './node-caller.ts'
import { readHashes, union } from './replies/changes.ts'
import { type NodeMembers, readSwarmResult, type SwarmResult } from './replies/swarm-result.ts'
import type { Affected } from './stored.ts'

/** Makes the requests that every node of a swarm carries out and signs for (mailbox RPC §6). `build` gets the network's time for each try. */
export class SwarmChanger {
  readonly #parts: NodeCallerParts
  readonly #caller: NodeCaller

  constructor(parts: NodeCallerParts, caller: NodeCaller) {
    this.#parts = parts
    this.#caller = caller
  }

  /** Changes messages; all the hashes that confirming nodes name in `member`. */
  async affect(
    build: (now: number) => RecursiveRequest,
    member: 'deleted' | 'updated',
    options?: CallOptions,
  ): Promise<Affected> {
    const { result, values } = await this.change(build, (entry) => readHashes(entry, member), options)
    return { ...result, hashes: union(values) }
  }

  /** Asks for something of which nodes say no more than that it is done. */
  async confirm(build: (now: number) => RecursiveRequest, options?: CallOptions): Promise<SwarmResult> {
    return (await this.change(build, () => true, options)).result
  }

  /** Sends a request that the whole swarm carries out, and verifies what its nodes say. */
  async change<T>(
    build: (now: number) => RecursiveRequest,
    read: (entry: NodeMembers) => T | undefined,
    options?: CallOptions,
  ): Promise<{ readonly result: SwarmResult; readonly values: readonly T[] }> {
    const { clock, directory, environment } = this.#parts
    let request = build(clock.now())
    const { nodes } = await directory.network()
    const isNode = (key: string): boolean => nodes.some(({ ed25519 }) => ed25519 === key)
    return this.#caller.call(
      {
        account: request.account,
        rpc: () => encodeRequest((request = build(clock.now()))),
        read: ({ body }) => readSwarmResult(environment.crypto, { request, isNode }, body, read),
      },
      options,
    )
  }
}
