import { type Crypto, DecryptionError } from '#crypto'
import {
  encodeNodeReply,
  type Frame,
  FrameError,
  InvalidJsonError,
  InvalidUrlError,
  type LayerControl,
  type LayerKey,
  MAX_HOP_NUMBER,
  parseFrame,
  parseLayerControl,
} from '#protocol'
import type { Exit } from '../exit/exit.ts'
import type { NodeDirectory, OwnNode } from '#nodes'
import type { Readiness } from '../readiness.ts'
import type { Destination } from './destination.ts'
import type { OnionObserver, LayerKind } from './onion-observer.ts'
import { type OnionReply, plainReply } from './onion-reply.ts'
import type { OnionRequest } from './onion-request.ts'
import { openLayer } from './open-layer.ts'
import { Relay } from './relay.ts'
import type { ForeignRelay } from './foreign-relay.ts'

export interface OnionRouterDependencies {
  readonly crypto: Crypto
  readonly directory: NodeDirectory
  readonly readiness: Readiness
  readonly foreignRelay: ForeignRelay
  readonly destination: Destination
  readonly exit: Exit
  readonly observer: OnionObserver
}

/** What every own node does with a layer (onion requests §6.2). */
export class OnionRouter {
  private readonly relay: Relay

  constructor(private readonly dependencies: OnionRouterDependencies) {
    const { directory, foreignRelay } = dependencies
    this.relay = new Relay(directory, foreignRelay, (node, request) => this.receive(node, request))
  }

  /**
   * Opens the layer of `request` as `node` and does what its control says. Everything a client may do wrong, and everything that goes
   * wrong on the path, is an answer; it rejects for mistakes of the gateway's own only.
   *
   * The hop limit holds at every door: another operator's node hands over by HTTP, as a client does, so that a guard which did not
   * check would let requests circle between operators for ever (onion requests §6.4).
   */
  async receive(node: OwnNode, request: OnionRequest): Promise<OnionReply> {
    if (request.hopNumber > MAX_HOP_NUMBER) return this.answered('error', tooManyHops())
    if (!this.dependencies.readiness.isNodeReady(node)) return this.answered('error', notReady(node))
    let opened
    try {
      opened = await openLayer(this.dependencies.crypto, node.keys.x25519, request)
    } catch (error) {
      if (error instanceof DecryptionError) return this.answered('error', plainReply(400, 'Invalid ciphertext'))
      throw error
    }
    return this.dispatch(node, opened.plaintext, opened.key, request.hopNumber)
  }

  private async dispatch(node: OwnNode, plaintext: Uint8Array, key: LayerKey, hopNumber: number): Promise<OnionReply> {
    let frame: Frame
    let control: LayerControl
    try {
      frame = parseFrame(plaintext)
      control = parseLayerControl(frame.control)
    } catch (error) {
      return this.answered('error', this.sealedError(error, key))
    }
    switch (control.kind) {
      case 'destination':
        return this.answered('destination', await this.dependencies.destination.answer(node, frame.blob, control, key))
      case 'server':
        return this.answered('server', await this.dependencies.exit.forward(control, plaintext))
      case 'relay':
        return this.answered('relay', await this.relay.forward(control, frame.blob, hopNumber + 1))
    }
  }

  private sealedError(error: unknown, key: LayerKey): OnionReply {
    const refusal = error instanceof FrameError ? new InvalidJsonError({ cause: error }) : error
    if (!(refusal instanceof InvalidJsonError) && !(refusal instanceof InvalidUrlError)) throw error
    const reply = { status: 400, body: refusal.message }
    return {
      status: 200,
      body: encodeNodeReply(this.dependencies.crypto, key, reply, { json: false, base64: true }),
    }
  }

  private answered(kind: LayerKind, reply: OnionReply): OnionReply {
    this.dependencies.observer.layerAnswered(kind, reply.status)
    return reply
  }
}

function tooManyHops(): OnionReply {
  return plainReply(400, 'onion request max path length exceeded')
}

function notReady(node: OwnNode): OnionReply {
  return plainReply(503, `Snode not ready: ${node.record.pubkeyEd25519}`)
}
