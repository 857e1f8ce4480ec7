import { MAILBOX, REMOVE, SET_EXPIRY } from './mailbox.ts'

/**
 * KEYS: 1 – 6 of the mailbox, 7 outbox, 8 events, 9 the number of the last entry; one slot.
 * ARGV: 1 account, 2 hash, 3 namespace, 4 timestamp, 5 expiry, 6 '1' when it replaces its namespace, 7 '1' when it is protected, 8 now, 9 and 10 messages and
 * bytes of the quota, 11 `<event partition>:<payload>`, 12 data.
 * Answers 'stored', expiry, number of the entry, number of evicted messages; or 'known', expiry; or 'refused'.
 * Atomic: a script runs alone. All is decided before anything is written, and the first command that writes is one that Redis refuses when
 * its memory is full, so the script writes all or nothing.
 *
 * An entry is numbered by the clock of the server in microseconds, and above the last one: so a number is not given again, neither when the outbox was
 * empty in between nor when the server came back without its last writes.
 */
export const STORE = `
${MAILBOX}
${REMOVE}
${SET_EXPIRY}
local OUTBOX, EVENTS, LAST = KEYS[7], KEYS[8], KEYS[9]
local account, hash, expiry, now, data = ARGV[1], ARGV[2], ARGV[5], tonumber(ARGV[8]), ARGV[12]
local maxMessages, maxBytes = tonumber(ARGV[9]), tonumber(ARGV[10])
local new = {
  namespace = tonumber(ARGV[3]), timestamp = tonumber(ARGV[4]), expiry = tonumber(expiry), size = #data, protected = ARGV[7] == '1',
}

local counters = redis.call('HMGET', COUNTERS, 'sequence', 'messages', 'bytes', 'protected')
local sequence, messages = (tonumber(counters[1]) or 0) + 1, (tonumber(counters[2]) or 0)
local bytes, protectedBytes = (tonumber(counters[3]) or 0) + new.size, tonumber(counters[4]) or 0
local protectedMessages = messages - redis.call('ZCARD', EVICTABLE)
messages = messages + 1

local gone, isGone = {}, {}
local function leave(hash, message)
  if isGone[hash] then return false end
  gone[#gone + 1], isGone[hash] = hash, true
  messages, bytes = messages - 1, bytes - message.size
  if message.protected then
    protectedMessages, protectedBytes = protectedMessages - 1, protectedBytes - message.size
  end
  return true
end

local known = redis.call('HGET', META, hash)
if known then
  local message = parse(known)
  if message.expiry > now then
    if message.expiry >= new.expiry then return { 'known', text(message.expiry) } end
    setExpiry(account, hash, message, expiry)
    return { 'known', expiry }
  end
  leave(hash, message)
end
if ARGV[6] == '1' then
  each(hashesIn(ARGV[3]), function(hash, raw) leave(hash, parse(raw)) end)
end

-- What eviction cannot mend is known before any message is looked at for it.
if protectedMessages + 1 > maxMessages or protectedBytes + new.size > maxBytes then return { 'refused' } end
local evicted, rank = 0, 0
local function isOver() return messages > maxMessages or bytes > maxBytes end
while isOver() do
  local oldest = redis.call('ZRANGE', EVICTABLE, rank, rank + 3)
  if #oldest == 0 then error('CORRUPT counters of a mailbox') end
  each(oldest, function(hash, raw)
    if isOver() and leave(hash, parse(raw)) then evicted = evicted + 1 end
  end)
  rank = rank + #oldest
end

local time = redis.call('TIME')
local last = tonumber(redis.call('GET', LAST) or 0)
local entry = string.format('%016.0f', math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last + 1))
redis.call('ZADD', OUTBOX, ARGV[8], entry)
redis.call('HSET', EVENTS, entry, ARGV[11])
redis.call('SET', LAST, entry)
remove(account, gone)
if new.protected then
  protectedBytes = protectedBytes + new.size
else
  redis.call('ZADD', EVICTABLE, text(sequence), hash)
end
redis.call('HSET', COUNTERS, 'sequence', text(sequence), 'messages', text(messages), 'bytes', text(bytes), 'protected', text(protectedBytes))
redis.call('HSET', DATA, hash, data)
redis.call('ZADD', INDEX, text(floorOf(new.namespace) + sequence), hash)
setExpiry(account, hash, new, expiry)
return { 'stored', expiry, entry, text(evicted) }
`
