import { createECDH } from 'node:crypto'
import { loadOrCreateSecret, SecretFileError } from '#runtime'

const PRIVATE_KEY_LENGTH = 32

/** The key pair by which push services know this server (RFC 8292), in the form of `web-push`: base64url without padding. */
export interface VapidKeys {
  /** Point of the curve P-256, 65 bytes; clients need it to subscribe (`applicationServerKey`). */
  readonly publicKey: string
  /** 32 bytes. */
  readonly privateKey: string
}

export interface VapidKeyFile {
  /** Holds the private key as hex; made on first start. Browsers bind subscriptions to the key, so a new file makes the old subscriptions useless. */
  readonly file: string
  readonly randomBytes: (length: number) => Uint8Array
}

/**
 * Reads the private key from its file, or makes both, and works out the public key.
 *
 * @throws SecretFileError when the file does not hold a private key of the curve P-256, or cannot be read or made
 */
export function loadOrCreateVapidKeys({ file, randomBytes }: VapidKeyFile): VapidKeys {
  const secret = loadOrCreateSecret({
    file,
    length: PRIVATE_KEY_LENGTH,
    randomBytes: () => makePrivateKey(randomBytes),
  })
  const publicKey = publicKeyOf(secret)
  if (publicKey === undefined) {
    throw new SecretFileError(`The secret file ${file} must hold a private key of the curve P-256.`)
  }
  return {
    publicKey: Buffer.from(publicKey).toString('base64url'),
    privateKey: Buffer.from(secret).toString('base64url'),
  }
}

/** Nearly all 32-byte numbers are private keys of the curve; the others are drawn again. */
function makePrivateKey(randomBytes: (length: number) => Uint8Array): Uint8Array {
  for (;;) {
    const secret = randomBytes(PRIVATE_KEY_LENGTH)
    if (publicKeyOf(secret) !== undefined) return secret
  }
}

/** Undefined when the number is zero or not below the order of the curve, which is what the curve throws for. */
function publicKeyOf(privateKey: Uint8Array): Uint8Array | undefined {
  const curve = createECDH('prime256v1')
  try {
    curve.setPrivateKey(privateKey)
  } catch {
    return undefined
  }
  return curve.getPublicKey()
}
