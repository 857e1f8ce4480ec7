import { MAILBOX } from './mailbox.ts'

/**
 * KEYS: 1 – 6 of the mailbox; one slot.
 * ARGV: 1 namespace, 2 hash to go on after or '', 3 now, 4 count, 5 size, 6 overhead.
 * Answers 1 when live messages were left out at the end, else 0; then hash, meta and data of each message in order.
 * Atomic: a script runs alone; it writes nothing. It reads steps from the cursor on, so its cost goes with the answer and the expired messages that lie
 * between, not with the mailbox.
 */
export const RETRIEVE = `
${MAILBOX}
local namespace, after, now = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local count, size, overhead = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local from, to = text(floorOf(namespace)), '(' .. text(floorOf(namespace + 1))
if after ~= '' then
  local raw = redis.call('HGET', META, after)
  local message = raw and parse(raw)
  if message and message.expiry > now and message.namespace == namespace then from = redis.call('ZSCORE', INDEX, after) end
end

local answer, more, taken, cost = { 0 }, false, 0, 0
local step = math.min(count + 1, 100)
repeat
  local hashes = redis.call('ZRANGEBYSCORE', INDEX, '(' .. from, to, 'LIMIT', 0, text(step))
  local page, metas = {}, {}
  each(hashes, function(hash, raw)
    local message = parse(raw)
    if more or message.expiry <= now then return end
    cost = cost + overhead + math.floor(4 * message.size / 3)
    more = taken > 0 and (taken >= count or cost > size)
    if more then return end
    taken = taken + 1
    page[#page + 1], metas[#metas + 1] = hash, raw
  end)
  if #page > 0 then
    for index, data in ipairs(redis.call('HMGET', DATA, unpack(page))) do
      answer[#answer + 1], answer[#answer + 2], answer[#answer + 3] = page[index], metas[index], data
    end
  end
  if #hashes > 0 then from = redis.call('ZSCORE', INDEX, hashes[#hashes]) end
until more or #hashes < step
answer[1] = more and 1 or 0
return answer
`
