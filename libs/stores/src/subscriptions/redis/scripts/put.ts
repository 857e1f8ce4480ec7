import { RECORD } from './record.ts'

/**
 * KEYS: 1 the record of the account, 2 ages, 3 counts, 4 unsubscribed; one slot.
 * ARGV: 1 account, 2 device, 3 service, 4 signedAt, 5 registeredAt, 6 the entry, 7 the newest `signedAt` that is gone, 8 most devices.
 * Answers 'added', 'updated', 'kept', 'superseded' or 'full'.
 * Atomic: a script runs alone. The first command that writes is one that Redis refuses when its memory is full, so it writes all or nothing.
 */
export const PUT = `
${RECORD}
local record, ages, counts, unsubscribed = unpack(KEYS)
local account, device, service = ARGV[1], ARGV[2], ARGV[3]
local goneUntil, most = tonumber(ARGV[7]), tonumber(ARGV[8])
local new = { device = device, service = service, signedAt = tonumber(ARGV[4]), registeredAt = tonumber(ARGV[5]), bytes = ARGV[6] }

local function setRegisteredAt(entry, registeredAt)
  entry.bytes = string.sub(entry.bytes, 1, 24) .. struct.pack('>d', registeredAt) .. string.sub(entry.bytes, 33)
end

local unsubscribedAt = tonumber(redis.call('ZSCORE', unsubscribed, device) or nil)
if unsubscribedAt and unsubscribedAt > goneUntil and new.signedAt < unsubscribedAt then return 'superseded' end
local entries, place, live = read(record), nil, 0
for index, entry in ipairs(entries) do
  if entry.device == device then place = index end
  if entry.signedAt > goneUntil then live = live + 1 end
end
local known = place and entries[place]
local outcome = 'added'
if known and known.signedAt > goneUntil then
  local registeredAt = math.max(known.registeredAt, new.registeredAt)
  if new.signedAt < known.signedAt then
    setRegisteredAt(known, registeredAt)
    save(record, ages, account, entries, false)
    if unsubscribedAt then redis.call('ZREM', unsubscribed, device) end
    return 'kept'
  end
  setRegisteredAt(new, registeredAt)
  outcome = 'updated'
elseif live >= most then
  return 'full'
end
entries[place or #entries + 1] = new
save(record, ages, account, entries, false)
if unsubscribedAt then redis.call('ZREM', unsubscribed, device) end
if not known or known.service ~= service then
  if known then count(counts, known.service, -1) end
  count(counts, service, 1)
end
return outcome
`
