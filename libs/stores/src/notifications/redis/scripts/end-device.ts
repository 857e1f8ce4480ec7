import { QUEUE, REMOVE } from './queue.ts'

/**
 * KEYS: 1 – 6 of the queue; one slot.
 * ARGV: 1 service, 2 device, 3 the latest time of acceptance, 4 the id to begin behind.
 * Looks at a piece of what waits for the device. Answers how many were ended, and the id to go on behind, or '' when there are no more.
 * Atomic: a script runs alone.
 */
export const END_DEVICE = `
${QUEUE}
${REMOVE}
local service, device, acceptedUntil, after = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local members = redis.call('ZRANGEBYLEX', DEVICES, '(' .. device .. after, '[' .. device .. ':', 'LIMIT', 0, PIECE)
local ids, last = {}, ''
for _, member in ipairs(members) do
  last = string.sub(member, #device + 1)
  local raw = redis.call('HGET', META, last)
  if not raw then error('CORRUPT queue of notifications') end
  if tonumber((parse(raw))) <= acceptedUntil then ids[#ids + 1] = last end
end
local next = ''
if #members == PIECE then next = last end
return { remove(service, ids, 'token-dead'), next }
`
