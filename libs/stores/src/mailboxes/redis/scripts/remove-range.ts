import { MAILBOX, REMOVE } from './mailbox.ts'

/**
 * KEYS: 1 – 6 of the mailbox; one slot.
 * ARGV: 1 account, 2 now, 3 namespace or 'all', 4 the last message time or ''.
 * Answers namespace and hash of each live message that is removed.
 * Atomic: a script runs alone; it frees memory only, so Redis does not refuse it when that is full.
 */
export const REMOVE_RANGE = `
${MAILBOX}
${REMOVE}
local now, last = tonumber(ARGV[2]), tonumber(ARGV[4])
local removed, answer = {}, {}
each(hashesIn(ARGV[3]), function(hash, raw)
  local message = parse(raw)
  if message.expiry <= now or (last and message.timestamp > last) then return end
  removed[#removed + 1] = hash
  answer[#answer + 1], answer[#answer + 2] = text(message.namespace), hash
end)
remove(ARGV[1], removed)
return answer
`
