/**
 * KEYS: 1 the revoked tokens.
 * ARGV: 1 how many stay, 2 … tokens.
 * Answers nothing.
 * Atomic: a script runs alone. It puts the new list behind the old one and cuts that off: the first write is one that Redis refuses when its
 * memory is full.
 */
export const REVOKE = `
local list, known = redis.call('LRANGE', KEYS[1], 0, -1), {}
local length = #list
for index = 2, #ARGV do list[#list + 1] = ARGV[index] end
local kept = {}
for index = #list, 1, -1 do
  local token = list[index]
  if not known[token] and #kept < tonumber(ARGV[1]) then kept[#kept + 1], known[token] = token, true end
end
for index = #kept, 1, -1 do redis.call('RPUSH', KEYS[1], kept[index]) end
redis.call('LTRIM', KEYS[1], length, -1)
`
