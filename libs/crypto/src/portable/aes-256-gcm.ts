import { gcm } from '@noble/ciphers/aes.js'

import { toAead } from './aead.ts'

/** AES-256-GCM by noble. */
export const aes256Gcm = toAead(gcm, 12)
