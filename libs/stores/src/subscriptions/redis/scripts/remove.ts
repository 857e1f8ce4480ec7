import { RECORD } from './record.ts'

/**
 * KEYS: 1 the record of the account, 2 ages, 3 counts; one slot.
 * ARGV: 1 account, 2 device, 3 the newest `registeredAt` that is removed.
 * Answers 1 when the device was there, expired or not, and is removed, else 0.
 * Atomic: a script runs alone; it frees memory only, so Redis does not refuse it when that is full.
 */
export const REMOVE = `
${RECORD}
local record, ages, counts = unpack(KEYS)
local account, device, registeredUntil = ARGV[1], ARGV[2], tonumber(ARGV[3])
local entries = read(record)
for index, entry in ipairs(entries) do
  if entry.device == device then
    if entry.registeredAt > registeredUntil then return 0 end
    table.remove(entries, index)
    save(record, ages, account, entries, true)
    count(counts, entry.service, -1)
    return 1
  end
end
return 0
`
