/**
 * KEYS: 1 the blob index.
 * ARGV: blob keys.
 * Answers the positions, counted from 1, of those that a record points to.
 * Atomic: a script runs alone; it writes nothing. In the index a blob key is followed by ':', and ';' is the character after that.
 */
export const FIND_REFERENCED = `
local found = {}
for index, key in ipairs(ARGV) do
  local members = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. key .. ':', '(' .. key .. ';', 'LIMIT', 0, 1)
  if #members > 0 then found[#found + 1] = index end
end
return found
`
