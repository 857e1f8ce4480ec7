import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  createToken,
  encodeToken,
  groupSigner,
  GROUP_PREFIX,
  Permission,
  type RequestSigner,
  type Subaccount,
  subaccountSigner,
  USER_PREFIX,
} from '#protocol'
import { type SignedRequest, subscribing, unsubscribing } from './requests.suite.ts'

/** What a request is forged of; the first two are somebody's who does not help. */
export interface Victims {
  readonly user: RequestSigner
  readonly groupSeed: Uint8Array
  /** The forger's own account. */
  readonly forger: RequestSigner
}

type Members = SignedRequest['body']
type Forgery = readonly [name: string, request: SignedRequest]

/** Order of the group of Ed25519: adding it to a signature's second half makes another one that a careless check takes. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
/** Later than anything that the victims have signed: whatever is taken would show. */
const LATER = 10
const CHANGES = { namespaces: [3], wantsData: false }

/** Requests that claim to be of the victims, each wrong in one place that a signature covers. */
export function forgeries(victims: Victims): Forgery[] {
  return [...forgedUserRequests(victims), ...forgedGroupRequests(victims)]
}

function forgedUserRequests({ user, forger }: Victims): Forgery[] {
  const subscribe = subscribing(user, LATER, CHANGES)
  const unsubscribe = unsubscribing(user, LATER)
  const { pubkey, session_ed25519: key } = subscribe.body
  const ofForger = subscribing(forger, LATER, CHANGES).body
  const both = [subscribe, unsubscribe].flatMap((request): Forgery[] => {
    const { endpoint, body } = request
    const bytes = Buffer.from(String(body['signature']), 'base64')
    const signature = (changed: Uint8Array): Members => ({ signature: Buffer.from(changed).toString('base64') })
    const other = endpoint === '/subscribe' ? unsubscribe : subscribe
    const own = endpoint === '/subscribe' ? ofForger : unsubscribing(forger, LATER).body
    const changes: Record<string, Members> = {
      'the account of the forger under the key of the user': { pubkey: ofForger['pubkey'] },
      'the key of the forger under the account of the user': { session_ed25519: ofForger['session_ed25519'] },
      "the forger's signature": { signature: own['signature'] },
      "the forger's signature and key": { signature: own['signature'], session_ed25519: ofForger['session_ed25519'] },
      'the signature of the other kind of request': { signature: other.body['signature'] },
      'a signature with another first bit': signature(bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte))),
      'a signature with another last bit': signature(bytes.map((byte, index) => (index === 63 ? byte ^ 128 : byte))),
      'a signature of zeros': signature(new Uint8Array(64)),
      'the signature and the order of the group': signature(withOrder(bytes)),
      'a time a second later': { sig_ts: Number(body['sig_ts']) + 1 },
      'a time a second earlier': { sig_ts: Number(body['sig_ts']) - 1 },
      'a time of another type': { sig_ts: String(body['sig_ts']) },
      'the account as that of a group': { pubkey: `03${String(pubkey).slice(2)}` },
      'the key as that of a group': { pubkey: `03${String(key)}` },
    }
    return Object.entries(changes).map(([name, change]) => changed(`${endpoint} with ${name}`, request, change))
  })
  // The signed text has no separator before the namespaces: other fields may read the same.
  const ambiguous = subscribing(user, LATER, { namespaces: [10], wantsData: true })
  const time = Number(ambiguous.body['sig_ts'])
  return [
    ...both,
    changed('another namespace', subscribe, { namespaces: [2] }),
    changed('a further namespace', subscribe, { namespaces: [0, 3] }),
    changed('no namespace', subscribe, { namespaces: [] }),
    changed('the body wanted', subscribe, { data: true }),
    changed('a digit moved into the time', ambiguous, { sig_ts: 10 * time + 1, data: true, namespaces: [0] }),
    changed('digits moved out of the time', ambiguous, {
      sig_ts: Math.floor(time / 10),
      data: false,
      namespaces: [110],
    }),
    changed('a time to come', subscribing(user, 86_401, CHANGES), {}),
    changed('a time that is over', unsubscribing(user, -86_401), {}),
  ]
}

function forgedGroupRequests({ user, groupSeed, forger }: Victims): Forgery[] {
  const admin = groupSigner(nativeCrypto, groupSeed)
  const seed = new Uint8Array(32).fill(91)
  const key = nativeCrypto.ed25519.publicKey(seed)
  const otherSeed = new Uint8Array(32).fill(92)
  const readWrite = Permission.Read | Permission.Write
  const member = createToken(nativeCrypto, groupSeed, key, readWrite)
  const writer = createToken(nativeCrypto, groupSeed, key, Permission.Write | Permission.Delete | Permission.AnyPrefix)
  const foreign = createToken(nativeCrypto, otherSeed, key, readWrite)
  const forUsers = encodeToken({ prefix: USER_PREFIX, flags: readWrite, key })
  const stolen = encodeToken({ prefix: GROUP_PREFIX, flags: readWrite, key: nativeCrypto.ed25519.publicKey(otherSeed) })
  const signers: Record<string, RequestSigner> = {
    'a token that may not read': as(admin, writer, seed),
    'a token whose flags were raised': as(admin, { ...writer, token: raised(writer.token) }, seed),
    'a token of another group': as(admin, foreign, seed),
    'a token for users': as(admin, { token: forUsers, signature: signed(forUsers, groupSeed) }, seed),
    'a token with the key of the forger': as(admin, { ...member, token: stolen }, otherSeed),
    'a token that the member has signed': as(admin, { ...member, signature: signed(member.token, seed) }, seed),
    'a token with zeros for its signature': as(admin, { ...member, signature: new Uint8Array(64) }, seed),
    'a request that the forger has signed': as(admin, member, otherSeed),
    'a request that the admin has signed': as(admin, member, groupSeed),
    'a token for the account of a user': as(user, member, seed),
    'a token for the account of the member': as(groupSigner(nativeCrypto, seed), foreign, seed),
  }
  const valid = [subscribing(as(admin, member, seed), LATER, CHANGES), unsubscribing(as(admin, member, seed), LATER)]
  return [
    ...Object.entries(signers).flatMap(([name, signer]): Forgery[] => [
      [`/subscribe with ${name}`, subscribing(signer, LATER, CHANGES)],
      [`/unsubscribe with ${name}`, unsubscribing(signer, LATER)],
    ]),
    ...valid.flatMap((request) => {
      const { endpoint } = request
      return [
        changed(`${endpoint} with a token alone`, request, { subaccount_sig: undefined }),
        changed(`${endpoint} with the owner's word alone`, request, { subaccount: undefined }),
        changed(`${endpoint} with null for a token`, request, { subaccount: null }),
        changed(`${endpoint} for the forger`, request, {
          pubkey: forger.account.hex,
          session_ed25519: subscribing(forger, LATER).body['session_ed25519'],
        }),
      ]
    }),
  ]
}

function changed(name: string, { endpoint, body }: SignedRequest, change: Members): Forgery {
  return [name, { endpoint, body: { ...body, ...change } }]
}

/** Claims to be of the owner, shows a token and signs with a seed. */
function as(owner: RequestSigner, token: Subaccount, seed: Uint8Array): RequestSigner {
  const signer = subaccountSigner(nativeCrypto, owner.account, token, seed)
  return { ...signer, authenticate: (bytes) => ({ ...owner.authenticate(bytes), ...signer.authenticate(bytes) }) }
}

function signed(bytes: Uint8Array, seed: Uint8Array): Uint8Array {
  return nativeCrypto.ed25519.sign(bytes, seed)
}

function raised(token: Uint8Array): Uint8Array {
  return token.map((byte, index) => (index === 1 ? byte | Permission.Read : byte))
}

function withOrder(signature: Uint8Array): Uint8Array {
  const half = Buffer.from(signature.subarray(32)).reverse()
  const sum = (BigInt(`0x${toHex(half)}`) + ORDER).toString(16).padStart(64, '0')
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(sum, 'hex').reverse()])
}
