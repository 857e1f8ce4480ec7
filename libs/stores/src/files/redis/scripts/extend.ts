import { EXPIRE_INLINE } from './put.ts'

/**
 * KEYS: 1 the record, 2 the expiry index; one partition, so one slot.
 * ARGV: 1 id, 2 expiresAt, 3 now.
 * Answers size, uploadedAt, expiresAt, format, blob key or ''; nothing when there is no live record.
 * Atomic: a script runs alone, and its first write is one that Redis refuses when its memory is full.
 */
export const EXTEND = `
${EXPIRE_INLINE}
local known = redis.call('HMGET', KEYS[1], 'size', 'uploadedAt', 'expiresAt', 'format', 'blob')
if not known[3] or tonumber(known[3]) <= tonumber(ARGV[3]) then return {} end
if tonumber(ARGV[2]) <= tonumber(known[3]) then return known end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[1], 'expiresAt', ARGV[2])
if known[5] == '' then expire(ARGV[2], ARGV[3]) end
return { known[1], known[2], ARGV[2], known[4], known[5] }
`
