/** Notifications that a script handles at a time: the stack of Lua is small, and Redis serves nobody else meanwhile. */
export const PIECE = 500

/**
 * Lua that all scripts over a queue begin with.
 *
 * KEYS: 1 due, 2 meta, 3 contents, 4 ages, 5 devices, 6 books; one slot.
 * Numbers are passed on as text, because Lua prints large ones with an exponent.
 */
export const QUEUE = `
local DUE, META, CONTENTS, AGES, DEVICES, BOOKS = unpack(KEYS)
local PIECE = ${PIECE}

local function parse(raw)
  local acceptedAt, expiresAt, attempts, device = string.match(raw, '^(%-?%d+):(%-?%d+):(%d+):(.*)$')
  if not device or #device ~= 16 then error('CORRUPT meta of a notification') end
  return acceptedAt, expiresAt, attempts, device
end
`

/**
 * Lua: \`remove(service, ids, as)\` removes those that are there and counts them under the name of an end; how many those were. The first command that
 * writes is one that Redis never refuses, so that a full memory can be emptied; what follows in the same script is not refused either.
 */
export const REMOVE = `
local function remove(service, ids, as)
  local removed = 0
  for first = 1, #ids, PIECE do
    local last = math.min(first + PIECE - 1, #ids)
    local metas = redis.call('HMGET', META, unpack(ids, first, last))
    local present, members = {}, {}
    for index = 1, #metas do
      if metas[index] then
        local _, _, _, device = parse(metas[index])
        present[#present + 1] = ids[first + index - 1]
        members[#members + 1] = device .. ids[first + index - 1]
      end
    end
    if #present > 0 then
      -- Not #present: a list may name a notification twice.
      removed = removed + redis.call('HDEL', META, unpack(present))
      redis.call('HDEL', CONTENTS, unpack(present))
      redis.call('ZREM', DUE, unpack(present))
      redis.call('ZREM', AGES, unpack(present))
      redis.call('ZREM', DEVICES, unpack(members))
    end
  end
  if removed > 0 then redis.call('HINCRBY', BOOKS, service .. ':' .. as, removed) end
  return removed
end
`
