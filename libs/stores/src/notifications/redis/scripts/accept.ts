import { QUEUE } from './queue.ts'

/**
 * KEYS: 1 – 6 of the queue, 7 the number of the last notification, 8 – 10 keys seen in the generation of now, before and after; one slot.
 * ARGV: 1 service, 2 now, 3 most notifications of the queue, 4 lifetime of the seen keys in milliseconds; then key, device, expiresAt and
 * content of each notification.
 * Answers how many were accepted, and how many were left out because the queue is full.
 * Atomic: a script runs alone. All is decided before anything is written, and the first command that writes is one that Redis refuses when
 * its memory is full, so the script writes all or nothing.
 *
 * A notification is numbered by the clock of the server in microseconds, and above the last one: so a number is not given again, neither when the queue
 * was empty in between nor when the server came back without its last writes, and those of several partitions are in order of acceptance.
 */
export const ACCEPT = `
${QUEUE}
local LAST, SEEN, BEFORE, AFTER = KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local service, now, lifetime = ARGV[1], ARGV[2], ARGV[4]
local room = tonumber(ARGV[3]) - redis.call('ZCARD', DUE)

local chosen, isChosen, refused = {}, {}, 0
for index = 5, #ARGV, 4 do
  local key = ARGV[index]
  local isKnown = isChosen[key] or redis.call('SISMEMBER', SEEN, key) == 1 or redis.call('SISMEMBER', BEFORE, key) == 1
    or redis.call('SISMEMBER', AFTER, key) == 1
  if not isKnown and room <= 0 then
    refused = refused + 1
  elseif not isKnown then
    chosen[#chosen + 1], isChosen[key], room = index, true, room - 1
  end
end
if #chosen == 0 then return { 0, refused } end

local time = redis.call('TIME')
local number = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), tonumber(redis.call('GET', LAST) or 0) + 1)
for count, index in ipairs(chosen) do
  local key, device, expiresAt, content = ARGV[index], ARGV[index + 1], ARGV[index + 2], ARGV[index + 3]
  local id = string.format('%016.0f', number + count - 1)
  redis.call('SADD', SEEN, key)
  redis.call('HSET', META, id, now .. ':' .. expiresAt .. ':0:' .. device)
  redis.call('HSET', CONTENTS, id, content)
  redis.call('ZADD', DUE, now, id)
  redis.call('ZADD', AGES, now, id)
  redis.call('ZADD', DEVICES, 0, device .. id)
end
redis.call('PEXPIRE', SEEN, lifetime)
redis.call('SET', LAST, string.format('%016.0f', number + #chosen - 1))
redis.call('HINCRBY', BOOKS, service .. ':accepted', #chosen)
return { #chosen, refused }
`
