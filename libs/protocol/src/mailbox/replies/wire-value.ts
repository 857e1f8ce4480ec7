import { type BencodeInput, encodeBencode } from '../../bencode/index.ts'
import { toHex } from '#crypto'
import { toBase64 } from '../base64.ts'

/** Binary data in a reply: text of the given kind in JSON, raw bytes in bencode (mailbox RPC §1). */
export class WireBytes {
  constructor(
    readonly bytes: Uint8Array,
    readonly text: 'hex' | 'base64',
  ) {}
}

/** Members of a reply under the keys of nodes: 64 hex digits in JSON, 32 raw bytes in bencode. */
export class WireNodes {
  constructor(readonly entries: readonly (readonly [node: Uint8Array, members: WireMembers])[]) {}
}

/** What a reply can hold, before it takes one of its two forms. */
export type WireValue = string | number | bigint | boolean | WireBytes | WireNodes | readonly WireValue[] | WireMembers

export interface WireMembers {
  readonly [name: string]: WireValue
}

/** The JSON value of a reply. */
export function wireToJson(value: WireValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object') return value
  if (value instanceof WireBytes) return value.text === 'hex' ? toHex(value.bytes) : toBase64(value.bytes)
  if (isList(value)) return value.map(wireToJson)
  if (value instanceof WireNodes) {
    return Object.fromEntries(value.entries.map(([node, members]) => [toHex(node), wireToJson(members)]))
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, wireToJson(item)]))
}

/** The text of `wireToJson`, without the detour over objects: base64 needs no look for characters to escape. */
export function wireToJsonText(value: WireValue): string {
  if (typeof value === 'bigint') return String(Number(value))
  if (typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof WireBytes) return `"${value.text === 'hex' ? toHex(value.bytes) : toBase64(value.bytes)}"`
  if (isList(value)) return `[${value.map(wireToJsonText).join(',')}]`
  if (value instanceof WireNodes) {
    return `{${value.entries.map(([node, members]) => `"${toHex(node)}":${wireToJsonText(members)}`).join(',')}}`
  }
  return membersText(value)
}

function membersText(members: WireMembers): string {
  let text = ''
  for (const name in members) {
    const value = members[name] as WireValue | undefined | null
    // What a daemon says comes in here as it is, with values that replies themselves do not have.
    if (value === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${value === null ? 'null' : wireToJsonText(value)}`
  }
  return `{${text}}`
}

/** The bencoding of a reply. */
export function wireToBencode(value: WireValue): Uint8Array {
  return encodeBencode(toBencodeInput(value))
}

function toBencodeInput(value: WireValue): BencodeInput {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'object') return value
  if (value instanceof WireBytes) return value.bytes
  if (isList(value)) return value.map(toBencodeInput)
  const entries: (readonly [string, WireValue])[] =
    value instanceof WireNodes
      ? value.entries.map(([node, members]) => [String.fromCharCode(...node), members])
      : Object.entries(value)
  return new Map(entries.map(([name, item]) => [name, toBencodeInput(item)]))
}

function isList(value: object): value is readonly WireValue[] {
  return Array.isArray(value)
}
