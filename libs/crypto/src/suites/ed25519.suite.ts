import { describe, expect, it } from '@jest/globals'

import { toHex, utf8 } from '../bytes.ts'
import { type Crypto } from '../crypto.ts'
import { InvalidPublicKeyError } from '../errors.ts'
import { forgeries, INVALID_ED25519 } from './ed25519-edges.suite.ts'
import { flipBit, hex, readVectors } from './vectors.suite.ts'

/** RFC 8032 §7.1, tests 1, 2, 3 and SHA(abc): seed, public key, message, signature. */
const RFC_8032 = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
] as const

interface HostKeys {
  readonly hosts: readonly { readonly ed25519: string; readonly x25519: string }[]
}

interface NodeKeys {
  readonly paths: readonly {
    readonly hops: readonly {
      readonly ed25519_seed: string
      readonly ed25519_public: string
      readonly x25519_private: string
      readonly x25519_public: string
    }[]
  }[]
}

export function ed25519Suite(crypto: Crypto): void {
  const { ed25519, x25519 } = crypto
  describe('ed25519', () => {
    it('gives the keys and signatures of RFC 8032 §7.1', () => {
      for (const [seed, publicKey, message, signature] of RFC_8032) {
        const signer = ed25519.createSigner(hex(seed))
        expect(toHex(ed25519.publicKey(hex(seed)))).toBe(publicKey)
        expect(toHex(signer.publicKey)).toBe(publicKey)
        expect(toHex(ed25519.sign(hex(message), hex(seed)))).toBe(signature)
        expect(toHex(signer.sign(hex(message)))).toBe(signature)
        expect(ed25519.verify(hex(signature), hex(message), hex(publicKey))).toBe(true)
      }
    })
    it('keeps its own copy of the seed in a signer', () => {
      const seed = Buffer.from(crypto.randomBytes(32))
      const signer = ed25519.createSigner(seed)
      seed.fill(0)
      expect(ed25519.verify(signer.sign(utf8('text')), utf8('text'), signer.publicKey)).toBe(true)
    })
    it('refuses every flipped bit of signature and public key', () => {
      const message = utf8('a message')
      const { publicKey, privateKey } = ed25519.generateKeyPair()
      const signature = ed25519.sign(message, privateKey)
      for (let bit = 0; bit < 512; bit += 7) {
        expect(ed25519.verify(flipBit(signature, bit), message, publicKey)).toBe(false)
      }
      for (let bit = 0; bit < 256; bit += 7) {
        expect(ed25519.verify(signature, message, flipBit(publicKey, bit))).toBe(false)
      }
      expect(ed25519.verify(signature, utf8('a nessage'), publicKey)).toBe(false)
    })
    it('accepts the honest signature of the edge cases and refuses the forgeries', () => {
      for (const { signature, message, publicKey, accepted } of forgeries) {
        expect(ed25519.verify(signature, message, publicKey)).toBe(accepted)
      }
    })
    it('knows points of small or mixed order, off the curve and in non-canonical form', () => {
      for (const key of INVALID_ED25519) {
        expect(ed25519.isValidPublicKey(hex(key))).toBe(false)
        expect(() => ed25519.toX25519PublicKey(hex(key))).toThrow(InvalidPublicKeyError)
      }
      expect(ed25519.isValidPublicKey(ed25519.generateKeyPair().publicKey)).toBe(true)
    })
    it('converts the published keys of file servers and nodes', () => {
      const { hosts } = readVectors('files.json') as HostKeys
      for (const host of hosts) {
        expect(toHex(ed25519.toX25519PublicKey(hex(host.ed25519)))).toBe(host.x25519)
      }
      for (const hop of (readVectors('onion.json') as NodeKeys).paths.flatMap((path) => path.hops)) {
        expect(toHex(ed25519.publicKey(hex(hop.ed25519_seed)))).toBe(hop.ed25519_public)
        expect(toHex(ed25519.toX25519PublicKey(hex(hop.ed25519_public)))).toBe(hop.x25519_public)
        expect(toHex(ed25519.toX25519PrivateKey(hex(hop.ed25519_seed)))).toBe(hop.x25519_private)
        expect(toHex(x25519.publicKey(hex(hop.x25519_private)))).toBe(hop.x25519_public)
      }
    })
  })
}
