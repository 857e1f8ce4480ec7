import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'

import { toAead } from './aead.ts'

/** XChaCha20-Poly1305 by noble. */
export const xchacha20Poly1305 = toAead(xchacha20poly1305, 24)
