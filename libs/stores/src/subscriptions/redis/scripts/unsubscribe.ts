import { RECORD } from './record.ts'

/**
 * KEYS: 1 the record of the account, 2 ages, 3 counts, 4 unsubscribed; one slot.
 * ARGV: 1 account, 2 device, 3 signedAt of the unsubscription, 4 the newest `signedAt` that is gone, 5 most unsubscriptions of an account, 6 for how
 * many milliseconds this one is to be remembered.
 * Answers 1 when a subscription is removed, else 0.
 * Atomic: a script runs alone. Where it removes, it first frees memory, so Redis does not refuse it when that is full, although it then remembers; where nothing
 * is there to remove, its first write is one that Redis refuses. A time or a lifetime that is there already is never shortened.
 */
export const UNSUBSCRIBE = `
${RECORD}
local record, ages, counts, unsubscribed = unpack(KEYS)
local account, device, signedAt, goneUntil = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local entries, removed = read(record), 0
for index, entry in ipairs(entries) do
  if entry.device == device and entry.signedAt > goneUntil then
    if entry.signedAt > signedAt then return 0 end
    table.remove(entries, index)
    save(record, ages, account, entries, true)
    count(counts, entry.service, -1)
    removed = 1
    break
  end
end
if signedAt <= goneUntil then return removed end
redis.call('ZADD', unsubscribed, 'GT', ARGV[3], device)
redis.call('ZREMRANGEBYSCORE', unsubscribed, '-inf', ARGV[4])
redis.call('ZREMRANGEBYRANK', unsubscribed, 0, -1 - ARGV[5])
if tonumber(ARGV[6]) > redis.call('PTTL', unsubscribed) then redis.call('PEXPIRE', unsubscribed, ARGV[6]) end
return removed
`
