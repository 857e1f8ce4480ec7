import { STORAGE_VERSION } from '#protocol'

/** Headers of every post of an exit (onion requests §5.2). */
export const EXIT_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/octet-stream',
  'user-agent': `Oxen Storage Server/${STORAGE_VERSION.join('.')}`,
}
