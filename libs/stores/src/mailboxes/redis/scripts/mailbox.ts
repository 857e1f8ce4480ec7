/** Sequence numbers a mailbox can give while it has messages; above them in a score stands the namespace, and 2^53 is the end. */
export const SEQUENCES = 2 ** 37

/**
 * Lua that all scripts over a mailbox begin with.
 *
 * KEYS: 1 meta, 2 index, 3 data, 4 evictable, 5 counters, 6 the expiries of the partition; one slot.
 * `text` prints a whole number, because Lua prints large ones with an exponent; it is never given a negative zero. Lists are passed on in pieces, because the stack of Lua is small.
 */
export const MAILBOX = `
local META, INDEX, DATA, EVICTABLE, COUNTERS, EXPIRIES = unpack(KEYS)
local PIECE = 500

local function text(number) return string.format('%.0f', number) end

-- Below the score of every message of the namespace.
local function floorOf(namespace) return (namespace + 32768) * ${SEQUENCES} end

local function parse(raw)
  local namespace, timestamp, expiry, size, protected = string.match(raw or '', '^(%-?%d+):(%-?%d+):(%-?%d+):(%d+):([01])$')
  if not namespace then error('CORRUPT meta of a message') end
  return {
    namespace = tonumber(namespace), timestamp = tonumber(timestamp), expiry = tonumber(expiry), size = tonumber(size),
    protected = protected == '1',
  }
end

local function format(message, expiry)
  local flag = message.protected and '1' or '0'
  return table.concat({ text(message.namespace), text(message.timestamp), expiry, text(message.size), flag }, ':')
end

-- Calls visit(hash, meta or false) for each hash.
local function each(hashes, visit)
  for first = 1, #hashes, PIECE do
    local last = math.min(first + PIECE - 1, #hashes)
    local raws = redis.call('HMGET', META, unpack(hashes, first, last))
    for index = first, last do visit(hashes[index], raws[index - first + 1]) end
  end
end

-- Hashes of a namespace or of 'all', in order of insertion within a namespace.
local function hashesIn(namespace)
  if namespace == 'all' then return redis.call('ZRANGE', INDEX, 0, -1) end
  local floor = floorOf(tonumber(namespace))
  return redis.call('ZRANGEBYSCORE', INDEX, text(floor), '(' .. text(floor + ${SEQUENCES}))
end
`

/** Lua: `remove(account, hashes)` removes messages that are there, each named once. */
export const REMOVE = `
local function remove(account, hashes)
  if #hashes == 0 then return end
  local bytes, protected = 0, 0
  each(hashes, function(hash, raw)
    local message = parse(raw)
    bytes = bytes + message.size
    if message.protected then protected = protected + message.size end
  end)
  -- Of a mailbox that becomes empty the keys go as a whole, which does not hold up Redis for long.
  local isWhole = redis.call('HLEN', META) == #hashes
  for first = 1, #hashes, PIECE do
    local last = math.min(first + PIECE - 1, #hashes)
    local members = {}
    for index = first, last do members[#members + 1] = account .. ':' .. hashes[index] end
    redis.call('ZREM', EXPIRIES, unpack(members))
    if not isWhole then
      redis.call('HDEL', META, unpack(hashes, first, last))
      redis.call('HDEL', DATA, unpack(hashes, first, last))
      redis.call('ZREM', INDEX, unpack(hashes, first, last))
      redis.call('ZREM', EVICTABLE, unpack(hashes, first, last))
    end
  end
  if isWhole then
    redis.call('UNLINK', META, INDEX, DATA, EVICTABLE, COUNTERS)
  else
    redis.call('HINCRBY', COUNTERS, 'messages', text(0 - #hashes))
    redis.call('HINCRBY', COUNTERS, 'bytes', text(0 - bytes))
    redis.call('HINCRBY', COUNTERS, 'protected', text(0 - protected))
  end
end
`

/** Lua: `setExpiry(account, hash, message, expiry)`; it begins with a command that Redis refuses when its memory is full. */
export const SET_EXPIRY = `
local function setExpiry(account, hash, message, expiry)
  redis.call('ZADD', EXPIRIES, expiry, account .. ':' .. hash)
  redis.call('HSET', META, hash, format(message, expiry))
end
`
