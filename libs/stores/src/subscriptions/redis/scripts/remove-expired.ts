import { RECORD } from './record.ts'

/**
 * KEYS: 1 ages, 2 counts, 3 … the records of ARGV 3 …; one partition, so one slot.
 * ARGV: 1 the newest `signedAt` that is gone, 2 limit, 3 … accounts.
 * Answers how many subscriptions it has removed.
 * Atomic: a script runs alone; it frees memory only, so Redis does not refuse it when that is full. An account in `ages` that has no record
 * goes from there, which keeps a sweep from finding it for ever.
 */
export const REMOVE_EXPIRED = `
${RECORD}
local ages, counts, goneUntil, limit = KEYS[1], KEYS[2], tonumber(ARGV[1]), tonumber(ARGV[2])
local removed = 0
for index = 3, #KEYS do
  if removed >= limit then break end
  local left, gone = {}, {}
  for _, entry in ipairs(read(KEYS[index])) do
    local isGone = entry.signedAt <= goneUntil and removed + #gone < limit
    local list = isGone and gone or left
    list[#list + 1] = entry
  end
  save(KEYS[index], ages, ARGV[index], left, true)
  for _, entry in ipairs(gone) do count(counts, entry.service, -1) end
  removed = removed + #gone
end
return removed
`
