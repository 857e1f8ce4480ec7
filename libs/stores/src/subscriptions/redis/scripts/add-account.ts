/**
 * KEYS: 1 the accounts of a device.
 * ARGV: 1 account, 2 signedAt, 3 the newest `signedAt` that may be forgotten, 4 for how many milliseconds the account is to be known.
 * Answers nothing.
 * Atomic: a script runs alone, and its first write is one that Redis refuses when its memory is full. A time that is there already is never shortened.
 */
export const ADD_ACCOUNT = `
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
if tonumber(ARGV[4]) > redis.call('PTTL', KEYS[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
`
