import { ControlError, InvalidJsonError, InvalidUrlError, UnknownEncryptionTypeError } from './errors.ts'
import { type EncryptionType, parseEncryptionType } from './encryption-type.ts'
import { type JsonMembers, parseJsonObject, parseKey } from './json-members.ts'
import { MAX_CONTROL_LENGTH } from './limits.ts'
import { isAllowedTarget } from './target.ts'

/** What the outermost control says of the guard's own layer. */
export interface GuardControl {
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array
  readonly encryptionType: EncryptionType
  /** 0 or more. */
  readonly hopNumber: number
}

/** What a node is to do with the blob of the layer it has decrypted. */
export type LayerControl = DestinationControl | ServerControl | RelayControl

/** The node itself is the destination; the blob is the text of the storage RPC. */
export interface DestinationControl {
  readonly kind: 'destination'
  /** Embed a JSON result as JSON instead of text. */
  readonly json: boolean
  /** Send the reply as base64 text instead of raw bytes. */
  readonly base64: boolean
}

/** The whole layer is to be posted to an external server. */
export interface ServerControl {
  readonly kind: 'server'
  readonly host: string
  readonly target: string
  readonly protocol: 'http' | 'https'
  readonly port: number
}

/** The blob is the next node's layer. */
export interface RelayControl {
  readonly kind: 'relay'
  /** Ed25519 key of the next node, 64 hex digits in lower case. */
  readonly destination: string
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array
  readonly encryptionType: EncryptionType
}

/**
 * Reads the control of the frame a guard receives, or an external server, which reads the same members (onion requests §4.1, §6.1).
 * Throws `ControlError`, whose message is the reason in `Error parsing onion request: <reason>`.
 */
export function parseGuardControl(control: Uint8Array): GuardControl {
  const members = parseControl(control)
  if (members === undefined) throw new ControlError('control is not a JSON object')
  const { ephemeral_key, enc_type, hop_no = 0 } = members
  const ephemeralKey = parseKey(ephemeral_key)
  if (ephemeralKey === undefined) throw new ControlError('ephemeral_key must be 64 hex digits')
  if (enc_type !== undefined && typeof enc_type !== 'string') throw new ControlError('enc_type must be a string')
  if (typeof hop_no !== 'number' || !Number.isSafeInteger(hop_no)) throw new ControlError('hop_no must be an integer')
  try {
    return { ephemeralKey, encryptionType: parseEncryptionType(enc_type), hopNumber: Math.max(0, hop_no) }
  } catch (cause) {
    if (cause instanceof UnknownEncryptionTypeError) throw new ControlError(cause.message, { cause })
    throw cause
  }
}

/**
 * Reads the control of a decrypted layer and decides by the order of onion requests §6.2: `headers`, then `host`, then relay.
 * Throws `InvalidJsonError` or `InvalidUrlError`, whose message is the body of the encrypted 400.
 */
export function parseLayerControl(control: Uint8Array): LayerControl {
  const members = parseControl(control)
  if (members === undefined) throw new InvalidJsonError()
  if (members['headers'] !== undefined) return parseDestination(members)
  return members['host'] === undefined ? parseRelay(members) : parseServer(members)
}

function parseControl(control: Uint8Array): JsonMembers | undefined {
  return control.length > MAX_CONTROL_LENGTH ? undefined : parseJsonObject(control)
}

function parseDestination({ json = false, base64 = true }: JsonMembers): DestinationControl {
  if (typeof json !== 'boolean' || typeof base64 !== 'boolean') throw new InvalidJsonError()
  return { kind: 'destination', json, base64 }
}

function parseServer({ host, target, protocol = 'https', port = 443 }: JsonMembers): ServerControl {
  if (typeof host !== 'string' || typeof target !== 'string' || typeof protocol !== 'string' || !isPort(port)) {
    throw new InvalidJsonError()
  }
  if ((protocol !== 'http' && protocol !== 'https') || !isAllowedTarget(target)) throw new InvalidUrlError()
  return { kind: 'server', host, target, protocol, port }
}

function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 0xffff
}

function parseRelay({ destination, ephemeral_key, enc_type }: JsonMembers): RelayControl {
  const ephemeralKey = parseKey(ephemeral_key)
  const isText = enc_type === undefined || typeof enc_type === 'string'
  if (typeof destination !== 'string' || parseKey(destination) === undefined || ephemeralKey === undefined || !isText) {
    throw new InvalidJsonError()
  }
  return { kind: 'relay', destination: destination.toLowerCase(), ephemeralKey, encryptionType: layerType(enc_type) }
}

function layerType(name: string | undefined): EncryptionType {
  try {
    return parseEncryptionType(name)
  } catch (cause) {
    throw new InvalidJsonError({ cause })
  }
}
