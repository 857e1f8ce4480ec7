import { QUEUE, REMOVE } from './queue.ts'

/**
 * KEYS: 1 – 6 of the queue; one slot.
 * ARGV: 1 service, 2 name of the end, 3 'untaken' when taken ones are left out, or 'all'; then ids.
 * Answers how many were ended.
 * Atomic: a script runs alone.
 */
export const END = `
${QUEUE}
${REMOVE}
local ids = {}
for index = 4, #ARGV do
  if ARGV[3] == 'all' or redis.call('ZSCORE', AGES, ARGV[index]) then ids[#ids + 1] = ARGV[index] end
end
return remove(ARGV[1], ids, ARGV[2])
`
