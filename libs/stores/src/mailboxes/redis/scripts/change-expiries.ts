import { MAILBOX, SET_EXPIRY } from './mailbox.ts'

/**
 * KEYS: 1 – 6 of the mailbox; one slot.
 * ARGV: 1 account, then for each message: hash, meta as it was read or '' when there was none, new expiry or '' when it stays.
 * Answers 1 when all messages are still as they were read and the expiries are changed, else 0.
 * Atomic: a script runs alone. It compares all before it writes, and its first write is one that Redis refuses when its memory is full.
 */
export const CHANGE_EXPIRIES = `
${MAILBOX}
${SET_EXPIRY}
local hashes, read, expiries = {}, {}, {}
for index = 2, #ARGV, 3 do
  local hash = ARGV[index]
  hashes[#hashes + 1], read[hash], expiries[hash] = hash, ARGV[index + 1], ARGV[index + 2]
end
local isSame = true
each(hashes, function(hash, raw) isSame = isSame and (raw or '') == read[hash] end)
if not isSame then return 0 end
for _, hash in ipairs(hashes) do
  if expiries[hash] ~= '' then setExpiry(ARGV[1], hash, parse(read[hash]), expiries[hash]) end
end
return 1
`
