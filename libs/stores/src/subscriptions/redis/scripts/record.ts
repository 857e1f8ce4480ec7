import { ENTRY_HEADER, FORMAT } from '../record.ts'

/**
 * Lua that the scripts over records begin with; the record is described in ../record.ts.
 *
 * `read(key)` answers the entries of a record, none when there is none. `save(key, ages, account, entries)` writes them, or removes the record when none is
 * left; it begins with a command that Redis never refuses for want of memory when it is told that the record gets smaller. `count(counts, service,
 * by)` keeps the counts. `text` prints a whole number, because Lua prints large ones with an exponent.
 */
export const RECORD = `
local function text(number) return string.format('%.0f', number) end

local function read(key)
  local record, entries = redis.call('GET', key), {}
  if not record then return entries end
  if string.byte(record, 1) ~= ${FORMAT} then error('CORRUPT record of an account') end
  local first = 2
  while first <= #record do
    if first + ${ENTRY_HEADER} - 1 > #record then error('CORRUPT record of an account') end
    local device, signedAt, registeredAt, _, service, namespaces, sealed = struct.unpack('>c16ddBBI2I2', record, first)
    local last = first + ${ENTRY_HEADER} - 1 + service + namespaces + sealed
    if last > #record then error('CORRUPT record of an account') end
    entries[#entries + 1] = {
      device = device, signedAt = signedAt, registeredAt = registeredAt, bytes = string.sub(record, first, last),
      service = string.sub(record, first + ${ENTRY_HEADER}, first + ${ENTRY_HEADER} - 1 + service),
    }
    first = last + 1
  end
  return entries
end

local function save(key, ages, account, entries, isSmaller)
  if isSmaller then redis.call('DEL', key) end
  if #entries == 0 then
    redis.call('ZREM', ages, account)
    return
  end
  local parts, oldest = { string.char(${FORMAT}) }, entries[1].signedAt
  for _, entry in ipairs(entries) do
    parts[#parts + 1] = entry.bytes
    oldest = math.min(oldest, entry.signedAt)
  end
  redis.call('SET', key, table.concat(parts))
  redis.call('ZADD', ages, text(oldest), account)
end

local function count(counts, service, by)
  if redis.call('HINCRBY', counts, service, by) == 0 then redis.call('HDEL', counts, service) end
end
`
