import { UnknownEncryptionTypeError } from './errors.ts'

/** How a layer is encrypted (onion requests §3). */
export type EncryptionType = 'aes-cbc' | 'aes-gcm' | 'xchacha20'

/** The type that a control without `enc_type` means. */
export const DEFAULT_ENCRYPTION_TYPE: EncryptionType = 'aes-gcm'

/** The type of an `enc_type` in any accepted spelling, `aes-gcm` when absent. Throws `UnknownEncryptionTypeError`. */
export function parseEncryptionType(name: string | undefined): EncryptionType {
  switch (name) {
    case undefined:
    case 'aes-gcm':
    case 'gcm':
      return 'aes-gcm'
    case 'xchacha20':
    case 'xchacha20-poly1305':
      return 'xchacha20'
    case 'aes-cbc':
    case 'cbc':
      return 'aes-cbc'
    default:
      throw new UnknownEncryptionTypeError(name)
  }
}
