import { type RelayControl, relayStatus } from '#protocol'
import { isReachable, type NodeDirectory, type OwnNode } from '#nodes'
import type { ForeignRelay } from './foreign-relay.ts'
import { type OnionReply, plainReply } from './onion-reply.ts'
import type { OnionRequest } from './onion-request.ts'

/** Hands a layer to the next node (onion requests §6.3): an own one within the process, another operator's one by HTTPS. */
export class Relay {
  constructor(
    private readonly directory: NodeDirectory,
    private readonly foreignRelay: ForeignRelay,
    private readonly receive: (node: OwnNode, request: OnionRequest) => Promise<OnionReply>,
  ) {}

  /** `hopNumber` is what the next node is told: this node is counted already. */
  async forward(control: RelayControl, sealed: Uint8Array, hopNumber: number): Promise<OnionReply> {
    const { destination, encryptionType, ephemeralKey } = control
    const reply = await this.send(destination, { sealed, encryptionType, ephemeralKey, hopNumber })
    return { ...reply, status: relayStatus(reply.status) }
  }

  private async send(destination: string, request: OnionRequest): Promise<OnionReply> {
    const own = this.directory.findOwn(destination)
    if (own !== undefined) return this.receive(own, request)
    const foreign = this.directory.findForeign(destination)
    if (foreign === undefined) return plainReply(502, `Next node not found: ${destination}`)
    if (!isReachable(foreign)) return unreachable(destination)
    return this.foreignRelay.send(foreign, request)
  }
}

/** The answer for a node that is known and cannot be connected to. */
export function unreachable(pubkeyEd25519: string): OnionReply {
  return plainReply(502, `Next node is currently unreachable: ${pubkeyEd25519}`)
}
