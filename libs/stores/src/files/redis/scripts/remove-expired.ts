/**
 * KEYS: 1 the expiry index, 2 the blob index, 3 … the records of ARGV 2 …; one partition, so one slot.
 * ARGV: 1 now, 2 … ids that were found expired.
 * Answers the number of removed records, then their blob keys.
 * Atomic: a script runs alone. A record that was renewed since it was found is left as it is; an inline record that Redis has dropped by itself
 * counts as removed.
 */
export const REMOVE_EXPIRED = `
local removed, blobs = 0, {}
for index = 2, #ARGV do
  local id, record = ARGV[index], KEYS[index + 1]
  local expiresAt = redis.call('ZSCORE', KEYS[1], id)
  if expiresAt and tonumber(expiresAt) <= tonumber(ARGV[1]) then
    local blob = redis.call('HGET', record, 'blob')
    if blob and blob ~= '' then
      redis.call('ZREM', KEYS[2], blob .. ':' .. id)
      blobs[#blobs + 1] = blob
    end
    redis.call('DEL', record)
    redis.call('ZREM', KEYS[1], id)
    removed = removed + 1
  end
end
return { removed, unpack(blobs) }
`
