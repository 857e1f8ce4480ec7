import { toHex } from '#crypto'
import { DEFAULT_ENCRYPTION_TYPE } from './encryption-type.ts'

/**
 * How a client writes its controls (onion requests §4.1): `desktop` in the order of insertion and with `enc_type` only where it
 * is needed, `library` in sorted order and always with `enc_type`.
 */
export type ControlStyle = 'desktop' | 'library'

/** The key and type of the layer a control stands beside. */
export interface LayerIntroduction {
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array
  /** A name that `parseEncryptionType` accepts. */
  readonly encryptionName: string
}

/** An external server as the exit is told of it. */
export interface ServerAddress {
  readonly host: string
  readonly target: string
  readonly protocol: 'http' | 'https'
  readonly port: number
}

/** The outermost control; `hopNumber` is left out unless it is given. */
export function buildGuardControl(style: ControlStyle, layer: LayerIntroduction, hopNumber?: number): string {
  return serialize(style, { ...introduction(style, layer), ...(hopNumber === undefined ? {} : { hop_no: hopNumber }) })
}

/** The control that sends a layer on to the node whose Ed25519 key is `destination` (64 hex digits). */
export function buildRelayControl(style: ControlStyle, destination: string, layer: LayerIntroduction): string {
  return serialize(style, { destination, ...introduction(style, layer) })
}

/** The control that sends a layer to an external server. In `desktop` style an https port other than 443 cannot be said. */
export function buildServerControl(style: ControlStyle, server: ServerAddress, layer: LayerIntroduction): string {
  const { host, target, protocol, port } = server
  const place = style === 'library' || protocol === 'http' ? { protocol, port } : {}
  return serialize(style, { host, target, method: 'POST', ...place, ...introduction(style, layer) })
}

/** The control inside the last layer to a node, beside the text of the storage RPC. */
export function buildDestinationControl(style: ControlStyle): string {
  return style === 'desktop' ? '{"body":null,"headers":{"Content-Type":"application/json"}}' : '{"headers":""}'
}

function introduction(style: ControlStyle, layer: LayerIntroduction): Record<string, string> {
  const ephemeral_key = toHex(layer.ephemeralKey)
  const mustSayType = style === 'library' || layer.encryptionName !== DEFAULT_ENCRYPTION_TYPE
  return mustSayType ? { ephemeral_key, enc_type: layer.encryptionName } : { ephemeral_key }
}

function serialize(style: ControlStyle, members: Readonly<Record<string, string | number>>): string {
  if (style === 'desktop') return JSON.stringify(members)
  const sorted = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(sorted))
}
