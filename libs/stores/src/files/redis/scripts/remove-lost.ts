/**
 * KEYS: 1 the record, 2 the expiry index, 3 the blob index; one partition, so one slot.
 * ARGV: 1 id, 2 blob key.
 * Answers 1 when the record pointed to that blob and is removed, else 0.
 * Atomic: a script runs alone.
 */
export const REMOVE_LOST = `
if redis.call('HGET', KEYS[1], 'blob') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[2] .. ':' .. ARGV[1])
return 1
`
