import type { FileRules } from './context.ts'
import { FileTtlError } from './errors.ts'

/**
 * Time to live in milliseconds that an `X-FS-TTL` header asks for, the default without one. Without a maximum the header is not looked at
 * (files §2.1). Throws `FileTtlError`.
 */
export function timeToLive(header: string | undefined, rules: FileRules): number {
  const { defaultTtlSeconds, maxTtlSeconds } = rules
  if (header === undefined || maxTtlSeconds === undefined) return defaultTtlSeconds * 1000
  if (!/^\+?[0-9]{1,15}$/.test(header)) throw new FileTtlError()
  const seconds = Number(header)
  if (seconds > maxTtlSeconds) throw new FileTtlError()
  return seconds * 1000
}
