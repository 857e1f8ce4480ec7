/**
 * KEYS: 1 the revoked tokens.
 * ARGV: tokens.
 * Answers how many of them were on the list, which they are no longer.
 * Atomic: a script runs alone; it frees memory only, so Redis does not refuse it when that is full.
 */
export const UNREVOKE = `
local removed = 0
for _, token in ipairs(ARGV) do removed = removed + redis.call('LREM', KEYS[1], 0, token) end
return removed
`
