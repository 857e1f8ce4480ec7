import { MAILBOX, REMOVE } from './mailbox.ts'

/**
 * KEYS: 1 – 6 of the mailbox; one slot.
 * ARGV: 1 account, 2 now, 3 'live' or 'expired', 4 … hashes.
 * Answers the hashes of the messages that were there and are removed: the live ones, or the expired ones.
 * Atomic: a script runs alone; it frees memory only, so Redis does not refuse it when that is full. An index of expiry without a message goes
 * too, which keeps a sweep from finding it for ever.
 */
export const REMOVE_NAMED = `
${MAILBOX}
${REMOVE}
local account, now, isLive = ARGV[1], tonumber(ARGV[2]), ARGV[3] == 'live'
local named, isNamed, removed = {}, {}, {}
for index = 4, #ARGV do
  local hash = ARGV[index]
  if not isNamed[hash] then named[#named + 1], isNamed[hash] = hash, true end
end
each(named, function(hash, raw)
  if not raw then
    redis.call('ZREM', EXPIRIES, account .. ':' .. hash)
  elseif (parse(raw).expiry > now) == isLive then
    removed[#removed + 1] = hash
  end
end)
remove(account, removed)
return removed
`
