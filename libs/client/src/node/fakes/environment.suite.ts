import { fromHex, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { ClientEnvironment } from '../../environment.ts'
import type { NetworkDescription, NodeSource } from '../../nodes/node-source.ts'
import type { OnionNode } from '../../nodes/onion-node.ts'

export interface FakeEnvironment extends ClientEnvironment {
  /** Pauses asked for so far, in milliseconds. */
  readonly pauses: number[]
  /** Moves the clock. */
  advance(ms: number): void
}

/** A clock that stands still but for sleeps, and chance that repeats itself with `seed`. */
export function fakeEnvironment(seed = 1): FakeEnvironment {
  let now = 1_750_000_000_000
  let state = seed
  const pauses: number[] = []
  return {
    crypto: nativeCrypto,
    pauses,
    now: () => now,
    advance: (ms) => (now += ms),
    random: () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    },
    sleep: (ms) => {
      pauses.push(ms)
      now += ms
      return Promise.resolve()
    },
  }
}

export interface FakeNode extends OnionNode {
  readonly x25519PrivateKey: Uint8Array
  /** Ed25519 seed in hex. */
  readonly seed: string
}

/** `count` nodes with real keys, at `host(i)`, in swarms of three. */
export function fakeNodes(count: number, host: (index: number) => string = () => '127.0.0.1'): readonly FakeNode[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = new Uint8Array(32).fill(index + 1)
    const publicKey = nativeCrypto.ed25519.publicKey(seed)
    const ed25519 = toHex(publicKey)
    return {
      ed25519,
      seed: toHex(seed),
      x25519: toHex(nativeCrypto.ed25519.toX25519PublicKey(publicKey)),
      x25519PrivateKey: nativeCrypto.ed25519.toX25519PrivateKey(seed),
      host: host(index),
      port: 22_100 + index,
      swarmId: String(Math.floor(index / 3)),
      url: `http://127.0.0.1:3000/nodes/${ed25519}`,
    }
  })
}

/** A list that counts how often it is fetched. */
export function fakeSource(
  nodes: readonly OnionNode[],
  services: NetworkDescription['services'] = {},
): NodeSource & { loads: number } {
  return {
    loads: 0,
    load() {
      this.loads++
      return Promise.resolve({ nodes, services })
    },
  }
}

/** Bytes of hex that is known to be right. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === undefined) throw new Error('not hex')
  return bytes
}
