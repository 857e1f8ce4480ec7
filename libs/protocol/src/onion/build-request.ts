import { type Crypto, type KeyPair, utf8 } from '#crypto'
import {
  buildDestinationControl,
  buildGuardControl,
  buildRelayControl,
  buildServerControl,
  type ControlStyle,
  type LayerIntroduction,
  type ServerAddress,
} from './build-control.ts'
import { type EncryptionType, parseEncryptionType } from './encryption-type.ts'
import { writeLength } from './frame.ts'
import { deriveClientLayerKey, type LayerKey, layerLength, layerOverhead } from './layer.ts'
import { encryptLayerInPlace } from './layer-stream.ts'

/** The keys of a node as a client addresses it. */
export interface PathNode {
  /** 64 hex digits. */
  readonly ed25519: string
  /** 32 bytes. */
  readonly x25519: Uint8Array
}

export interface NodeDestination extends PathNode {
  readonly kind: 'node'
  /** The control beside the storage RPC; the one of the style unless given. */
  readonly control?: string
}

export interface ServerDestination extends ServerAddress {
  readonly kind: 'server'
  /** 32 bytes. */
  readonly x25519: Uint8Array
}

export interface OnionRequestOptions {
  /** Guard first; may be empty when the destination is a node, which is then its own guard. */
  readonly path: readonly PathNode[]
  readonly destination: NodeDestination | ServerDestination
  /** The text of the storage RPC for a node, an encoded v4 or v3 request for a server. */
  readonly payload: Uint8Array
  readonly encryptionType: EncryptionType
  readonly style: ControlStyle
  /** Replaces what is random or uniform, innermost layer first, for reproducible requests. */
  readonly fixed?: FixedLayers
}

export interface FixedLayers {
  readonly ephemerals: readonly KeyPair[]
  readonly nonces: readonly Uint8Array[]
  /** Names as they are to stand in the controls, if the layers differ in type. */
  readonly encryptionNames?: readonly string[]
}

export interface OnionRequest {
  /** Body of the post to the guard's `/onion_req/v2`. */
  readonly body: Uint8Array
  /** Decrypts the reply. */
  readonly replyKey: LayerKey
}

interface Layer {
  readonly key: LayerKey
  readonly nonce: Uint8Array | undefined
  /** What stands behind this layer's blob, in UTF-8. */
  readonly control: Uint8Array
}

/**
 * Wraps a payload in one layer for the destination and one for each node of the path (onion requests §4). Every layer is encrypted
 * where it stands in the finished body, which is the only memory of its size. Throws `InvalidPublicKeyError` for an unusable key.
 */
export function buildOnionRequest(crypto: Crypto, options: OnionRequestOptions): OnionRequest {
  const { destination, path, payload, style } = options
  if (destination.kind === 'server' && path.length === 0) {
    throw new RangeError('a server is reached through at least one node')
  }
  const recipients = [destination.x25519, ...path.map((node) => node.x25519).reverse()]
  const layers = recipients.map((x25519, order) => createLayer(crypto, options, x25519, order))

  const core = destination.kind === 'node' ? utf8(destination.control ?? buildDestinationControl(style)) : undefined
  const coreLength = payload.length + (core === undefined ? 0 : 4 + core.length)
  const body = new Uint8Array(layers.reduce((length, layer) => frameLength(layer, length), coreLength))
  let start = layers.reduce((offset, { key }) => offset + 4 + layerOverhead(key.type).nonceLength, 0)
  let length = coreLength
  if (core === undefined) {
    body.set(payload, start)
  } else {
    writeLength(body.subarray(start), payload.length)
    body.set(payload, start + 4)
    body.set(core, start + 4 + payload.length)
  }
  for (const layer of layers) {
    const { type } = layer.key
    const blobStart = start - layerOverhead(type).nonceLength
    const blobLength = layerLength(type, length)
    encryptLayerInPlace(crypto, layer.key, body, blobStart, length, layer.nonce)
    start = blobStart - 4
    writeLength(body.subarray(start), blobLength)
    body.set(layer.control, blobStart + blobLength)
    length = frameLength(layer, length)
  }
  return { body, replyKey: (layers[0] as Layer).key }
}

function createLayer(crypto: Crypto, options: OnionRequestOptions, x25519: Uint8Array, order: number): Layer {
  const { encryptionType, fixed } = options
  const ephemeral = fixed?.ephemerals[order] ?? crypto.x25519.generateKeyPair()
  const encryptionName = fixed?.encryptionNames?.[order] ?? encryptionType
  return {
    key: deriveClientLayerKey(crypto, parseEncryptionType(encryptionName), ephemeral, x25519),
    nonce: fixed?.nonces[order],
    control: utf8(controlBeside(options, { ephemeralKey: ephemeral.publicKey, encryptionName }, order)),
  }
}

/** The control beside the blob of layer `order`: it tells the reader, one node nearer to the client, what to do with it. */
function controlBeside(
  { path, destination, style }: OnionRequestOptions,
  layer: LayerIntroduction,
  order: number,
): string {
  if (order === path.length) return buildGuardControl(style, layer)
  if (order > 0) return buildRelayControl(style, (path[path.length - order] as PathNode).ed25519, layer)
  if (destination.kind === 'server') return buildServerControl(style, destination, layer)
  return buildRelayControl(style, destination.ed25519, layer)
}

function frameLength(layer: Layer, plaintextLength: number): number {
  return 4 + layerLength(layer.key.type, plaintextLength) + layer.control.length
}
