import { MAILBOX, SET_EXPIRY } from './mailbox.ts'

/**
 * KEYS: 1 – 6 of the mailbox; one slot.
 * ARGV: 1 account, 2 now, 3 namespace or 'all', 4 expiry.
 * Answers namespace and hash of each live message that expired later and has this expiry now.
 * Atomic: a script runs alone, and its first write is one that Redis refuses when its memory is full.
 */
export const SHORTEN = `
${MAILBOX}
${SET_EXPIRY}
local account, now, expiry = ARGV[1], tonumber(ARGV[2]), ARGV[4]
local answer = {}
each(hashesIn(ARGV[3]), function(hash, raw)
  local message = parse(raw)
  if message.expiry <= now or message.expiry <= tonumber(expiry) then return end
  setExpiry(account, hash, message, expiry)
  answer[#answer + 1], answer[#answer + 2] = text(message.namespace), hash
end)
return answer
`
