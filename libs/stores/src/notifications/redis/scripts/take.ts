import { QUEUE } from './queue.ts'

/**
 * KEYS: 1 – 6 of the queue; one slot.
 * ARGV: 1 now, 2 end of the lease, 3 how many at most; no more than a piece.
 * Answers id, when it was due, meta and content of each, the longest due first.
 * Atomic: a script runs alone. The first command that writes is one that Redis never refuses, so that a full memory can be emptied.
 */
export const TAKE = `
${QUEUE}
local due = redis.call('ZRANGEBYSCORE', DUE, '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])
if #due == 0 then return {} end
local ids, leases = {}, {}
for index = 1, #due, 2 do
  ids[#ids + 1] = due[index]
  leases[#leases + 1], leases[#leases + 2] = ARGV[2], due[index]
end
local metas = redis.call('HMGET', META, unpack(ids))
local contents = redis.call('HMGET', CONTENTS, unpack(ids))
local answer = {}
for index, id in ipairs(ids) do
  if not metas[index] or not contents[index] then error('CORRUPT queue of notifications') end
  parse(metas[index])
  local at = #answer
  answer[at + 1], answer[at + 2], answer[at + 3], answer[at + 4] = id, due[2 * index], metas[index], contents[index]
end
redis.call('ZREM', AGES, unpack(ids))
redis.call('ZADD', DUE, 'XX', unpack(leases))
return answer
`
