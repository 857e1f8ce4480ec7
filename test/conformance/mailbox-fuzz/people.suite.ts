import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  assignSwarmIds,
  createToken,
  groupSigner,
  MEMBER_FLAGS,
  Permission,
  type RequestSigner,
  subaccountSigner,
  SwarmMap,
  userSigner,
} from '#protocol'

export const NODES = 6
export const SWARM_SIZE = 3
export const SWARM_IDS = assignSwarmIds(NODES, SWARM_SIZE)

const swarms = new SwarmMap(SWARM_IDS)

/** The swarm of all people here, so that one node answers for them. */
export const [SWARM = 0n] = SWARM_IDS

/** The same seeds in every run: 32 bytes out of a name and a number. */
function seedOf(name: string, number: number): Uint8Array {
  return nativeCrypto.blake2b(utf8(`${name} ${number}`), { length: 32 })
}

function inSwarm(name: string, signerOf: (seed: Uint8Array) => RequestSigner): [RequestSigner, Uint8Array] {
  for (let number = 0; ; number++) {
    const seed = seedOf(name, number)
    const signer = signerOf(seed)
    if (swarms.swarmOf(signer.account.key) === SWARM) return [signer, seed]
  }
}

const asUser = (seed: Uint8Array): RequestSigner => userSigner(nativeCrypto, seed)
const asGroup = (seed: Uint8Array): RequestSigner => groupSigner(nativeCrypto, seed)

function memberOf(group: RequestSigner, groupSeed: Uint8Array, name: string, flags: number): RequestSigner {
  const seed = seedOf(name, 0)
  const subaccount = createToken(nativeCrypto, groupSeed, nativeCrypto.ed25519.publicKey(seed), flags)
  return subaccountSigner(nativeCrypto, group.account, subaccount, seed)
}

/** Whose mailboxes must neither show nor change. */
export const [victim] = inSwarm('victim', asUser)
const [group, groupSeed] = inSwarm('group of victims', asGroup)
export const victimGroup = group

/** A member of the victims' group who may write and nothing else. */
export const mute = memberOf(victimGroup, groupSeed, 'mute', Permission.Write)

/** Who asks. */
export const [stranger] = inSwarm('stranger', asUser)
const [ownGroup, ownGroupSeed] = inSwarm('group of strangers', asGroup)
export const strangerGroup = ownGroup
export const strangerMember = memberOf(strangerGroup, ownGroupSeed, 'member', MEMBER_FLAGS)

/** A token of the strangers' group that nobody uses. */
export const unusedToken = createToken(
  nativeCrypto,
  ownGroupSeed,
  nativeCrypto.ed25519.publicKey(seedOf('unused', 0)),
  MEMBER_FLAGS,
).token

/** A mailbox with a message that nobody ever deletes, so that nobody waits there. */
export const [reader] = inSwarm('reader', asUser)
