import { QUEUE } from './queue.ts'

/**
 * KEYS: 1 – 6 of the queue; one slot.
 * ARGV: 1 id, 2 when it is due, 3 failed attempts.
 * Answers nothing.
 * Atomic: a script runs alone. The first command that writes is one that Redis never refuses, so that what follows is not refused either.
 */
export const POSTPONE = `
${QUEUE}
local id = ARGV[1]
local raw = redis.call('HGET', META, id)
if not raw then return end
local acceptedAt, expiresAt, _, device = parse(raw)
redis.call('ZREM', AGES, id)
redis.call('ZADD', AGES, acceptedAt, id)
redis.call('ZADD', DUE, ARGV[2], id)
redis.call('HSET', META, id, acceptedAt .. ':' .. expiresAt .. ':' .. ARGV[3] .. ':' .. device)
`
