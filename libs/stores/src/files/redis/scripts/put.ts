/** Longer than any two clocks differ, so that Redis never drops an inline record that a reader still takes for live. */
export const KEY_GRACE_MS = 86_400_000

/** Lua: `expire(expiresAt, now)` gives an inline record a lifetime of its own; the difference holds for any clock the caller has. */
export const EXPIRE_INLINE = `
local function expire(expiresAt, now)
  local rest = math.max(tonumber(expiresAt) - tonumber(now), 0) + ${KEY_GRACE_MS}
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', rest))
end
`

/**
 * KEYS: 1 the record, 2 the expiry index, 3 the blob index; one partition, so one slot.
 * ARGV: 1 id, 2 size, 3 uploadedAt (the time by which a known record is judged), 4 expiresAt, 5 format, 6 blob key or '', 7 inline bytes, 8 'renew' or
 * 'refuse'.
 * Answers outcome, replaced blob key or '', size, uploadedAt, expiresAt, format, blob key or ''.
 * Atomic: a script runs alone. The first command that writes is one that Redis refuses when its memory is full, so the script writes all or
 * nothing. Numbers are passed on as text, because Lua prints large ones with an exponent.
 */
export const PUT = `
${EXPIRE_INLINE}
local id, size, now, expiresAt, format, blob = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local known = redis.call('HMGET', KEYS[1], 'size', 'uploadedAt', 'expiresAt', 'format', 'blob')
if known[3] and tonumber(known[3]) > tonumber(now) then
  -- A client that lost the answer sends the same put again.
  if blob ~= '' and known[5] == blob then return { 'created', '', unpack(known) } end
  if ARGV[8] == 'refuse' then return { 'taken', '', unpack(known) } end
  local later = known[3]
  if tonumber(expiresAt) > tonumber(later) then later = expiresAt end
  redis.call('ZADD', KEYS[2], later, id)
  redis.call('HSET', KEYS[1], 'uploadedAt', now, 'expiresAt', later)
  if known[5] == '' then expire(later, now) end
  return { 'renewed', '', known[1], now, later, known[4], known[5] }
end
redis.call('ZADD', KEYS[2], expiresAt, id)
local replaced = known[5] or ''
if replaced ~= '' then redis.call('ZREM', KEYS[3], replaced .. ':' .. id) end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'size', size, 'uploadedAt', now, 'expiresAt', expiresAt, 'format', format, 'blob', blob)
if blob == '' then
  redis.call('HSET', KEYS[1], 'bytes', ARGV[7])
  expire(expiresAt, now)
else
  redis.call('ZADD', KEYS[3], 0, blob .. ':' .. id)
end
return { 'created', replaced, size, now, expiresAt, format, blob }
`
