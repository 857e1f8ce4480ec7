import fc from 'fast-check'
import { utf8 } from '#crypto'
import type { RpcCall } from '#protocol'
import { NOW } from '../../../apps/gateway/src/testing.suite.ts'
import { stranger, victim, victimGroup } from './people.suite.ts'

type Members = Record<string, unknown>

/** JSON texts for the place of a value: wrong types, limits, and what parsers of JSON stumble over. */
const TEXTS: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '""',
    '[]',
    '{}',
    '[null]',
    '[[]]',
    '{"":{}}',
    '"all"',
    '"1"',
    '"0x10"',
    '" "',
    '0',
    '-0',
  ],
  ...[
    '1',
    '-1',
    '-10',
    '-11',
    '2',
    '11',
    '255',
    '32767',
    '32768',
    '-32768',
    '-32769',
    '65536',
    '1.0',
    '1.5',
    '1e3',
    '-1e-7',
  ],
  ...[
    '1e400',
    '-1e400',
    '9007199254740991',
    '9007199254740993',
    '18446744073709551616',
    '9'.repeat(400),
    '1'.repeat(70_000),
  ],
  ...[
    `${NOW}`,
    `${NOW - 61_000}`,
    `${NOW + 61_000}`,
    `"${NOW}"`,
    '[1,2,3]',
    '"__proto__"',
    '{"__proto__":{"pubkey":1}}',
  ],
  ...['"\\ud800"', '"\\u0000"', '"é𝄞"', `"${'A'.repeat(102_401)}"`, `"${'A'.repeat(43)}"`, `"${'A'.repeat(86)}=="`],
  ...[`${'['.repeat(5_000)}${']'.repeat(5_000)}`, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, '['.repeat(100_000)],
  ...[`"${victim.account.hex}"`, `"${victimGroup.account.hex}"`, `"${stranger.account.hex.toUpperCase()}"`],
  `[${Array.from({ length: 60 }, () => `"${'B'.repeat(43)}"`).join()}]`,
]

const NAMES: readonly string[] = [
  ...[
    'pubkey',
    'pubKey',
    'pubkey_ed25519',
    'signature',
    'timestamp',
    'sig_timestamp',
    'namespace',
    'data',
    'ttl',
    'expiry',
  ],
  ...[
    'last_hash',
    'lastHash',
    'max_size',
    'max_count',
    'messages',
    'required',
    'shorten',
    'extend',
    'before',
    'subaccount',
  ],
  ...[
    'subaccount_sig',
    'revoke',
    'unrevoke',
    'requests',
    'method',
    'params',
    'if',
    'then',
    'else',
    'endpoint',
    '__proto__',
  ],
]

const METHODS: readonly string[] = [
  ...[
    'store',
    'retrieve',
    'delete',
    'delete_all',
    'delete_before',
    'expire_all',
    'expire',
    'get_expiries',
    'get_swarm',
  ],
  ...[
    'revoke_subaccount',
    'unrevoke_subaccount',
    'revoked_subaccounts',
    'batch',
    'sequence',
    'ifelse',
    'info',
    'toString',
  ],
]

/** A change of members; numbers choose among what there is. */
interface MemberChange {
  readonly kind: 'value' | 'swap' | 'remove' | 'add' | 'duplicate' | 'method' | 'nest'
  readonly at: number
  readonly with: number
}

/** A change of bytes. */
interface ByteChange {
  readonly kind: 'flip' | 'cut' | 'insert' | 'repeat'
  readonly at: number
  readonly bytes: Uint8Array
}

/** How a valid request is spoilt. */
export interface Mutation {
  /** Chooses the request. */
  readonly request: number
  /** Chooses the level of its way at which bytes are changed. */
  readonly level: number
  readonly members: readonly MemberChange[]
  readonly bytes: readonly ByteChange[]
}

const memberChange: fc.Arbitrary<MemberChange> = fc.record({
  kind: fc.constantFrom('value', 'swap', 'remove', 'add', 'duplicate', 'method', 'nest'),
  at: fc.nat(),
  with: fc.nat(),
})
const byteChange: fc.Arbitrary<ByteChange> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
  at: fc.nat(),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
})
const members = fc.array(memberChange, { minLength: 1, maxLength: 3 })
const bytes = fc.array(byteChange, { minLength: 1, maxLength: 2 })

export const mutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.record({ request: fc.nat(), level: fc.nat() }),
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ members, bytes: fc.constant([]) }) },
      { weight: 1, arbitrary: fc.record({ members: fc.constant([]), bytes }) },
      { weight: 1, arbitrary: fc.record({ members, bytes }) },
    ),
  )
  .map(([chosen, changes]) => ({ ...chosen, ...changes }))

/** Bytes without meaning, and texts that begin as requests do. */
export const randomBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc.string({ unit: 'binary', maxLength: 200 }).map(utf8),
  fc.json({ maxDepth: 6 }).map(utf8),
  fc
    .tuple(fc.constantFrom(...METHODS), fc.json())
    .map(([method, params]) => utf8(`{"method":"${method}","params":${params}}`)),
)

/** The text of a request after changes of its members: mostly JSON still. */
export function changeMembers(request: RpcCall, changes: readonly MemberChange[]): Uint8Array {
  const call = structuredClone(request) as unknown as Members
  const late: MemberChange[] = []
  for (const change of changes) {
    if (change.kind === 'duplicate') late.push(change)
    else changeMember(call, change)
  }
  const text = JSON.stringify(call).replace(/"<text (\d+)>"/g, (_, index: string) => TEXTS[Number(index)] ?? '')
  return utf8(late.reduce(duplicateMember, text))
}

/** Stands for a text that JSON.stringify would never write. */
const textAt = (index: number): string => `<text ${index % TEXTS.length}>`

function changeMember(call: Members, change: MemberChange): void {
  const places = placesIn(call)
  const place = places[change.at % places.length]
  const other = places[change.with % places.length]
  if (place === undefined || other === undefined) return
  const { container, name } = place
  switch (change.kind) {
    case 'value':
      container[name] = textAt(change.with)
      return
    case 'swap': {
      const value = structuredClone(container[name])
      container[name] = structuredClone(other.container[other.name])
      other.container[other.name] = value
      return
    }
    case 'remove':
      Reflect.deleteProperty(container, name)
      return
    case 'add':
      container[NAMES[change.at % NAMES.length] ?? ''] = textAt(change.with)
      return
    case 'method':
      call['method'] = METHODS[change.with % METHODS.length]
      return
    case 'nest':
      container[name] = change.with % 2 === 0 ? [container[name]] : { [name]: container[name] }
      return
    case 'duplicate':
      throw new TypeError('a member is duplicated in the text')
  }
}

/** Every member of every object and list. */
function placesIn(value: unknown): { readonly container: Members; readonly name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const container = value as Members
  return Object.keys(container).flatMap((name) => [{ container, name }, ...placesIn(container[name])])
}

/** Puts a member before the first one of some object, under a name that may be there already. */
function duplicateMember(text: string, change: MemberChange): string {
  const starts = [...text.matchAll(/\{(?=")/g)].map(({ index }) => index + 1)
  const start = starts[change.at % starts.length]
  if (start === undefined) return text
  const inserted = `${JSON.stringify(NAMES[change.with % NAMES.length])}:${TEXTS[change.at % TEXTS.length]},`
  return text.slice(0, start) + inserted + text.slice(start)
}

export function changeBytes(original: Uint8Array, changes: readonly ByteChange[]): Uint8Array {
  return changes.reduce<Uint8Array>((whole, change) => {
    const at = whole.length === 0 ? 0 : change.at % whole.length
    const before = whole.subarray(0, at)
    switch (change.kind) {
      case 'flip':
        return Buffer.concat([before, change.bytes, whole.subarray(at + change.bytes.length)])
      case 'cut':
        return change.at % 2 === 0 ? before : Buffer.concat([before, whole.subarray(at + change.bytes.length)])
      case 'insert':
        return Buffer.concat([before, change.bytes, whole.subarray(at)])
      case 'repeat':
        return Buffer.concat([before, whole.subarray(Math.max(0, at - 40), at), whole.subarray(at)])
    }
  }, original)
}
