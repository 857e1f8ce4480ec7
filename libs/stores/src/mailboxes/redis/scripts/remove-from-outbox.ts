/**
 * KEYS: 1 outbox, 2 events; one partition, so one slot.
 * ARGV: numbers of entries.
 * Answers nothing.
 * Atomic: a script runs alone; it frees memory only, so Redis does not refuse it when that is full.
 */
export const REMOVE_FROM_OUTBOX = `
for _, entry in ipairs(ARGV) do
  redis.call('ZREM', KEYS[1], entry)
  redis.call('HDEL', KEYS[2], entry)
end
`
