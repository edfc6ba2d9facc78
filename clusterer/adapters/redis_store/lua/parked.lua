-- parked.lua: how many pending articles are in no queue since they wait for another one, and since when the first of them does. Reads only.
--
-- ARGV: how many of the oldest pending articles are looked at. Returns {number, ms}; ms is '' where none of these is parked.
-- What waits too long is soon among the oldest, so that nothing else needs to be looked at.

local waiting = tonumber(redis.call('HGET', P .. 'counts', 'pending') or 0)
  - redis.call('XLEN', P .. 'inbox') - redis.call('XLEN', P .. 'ready')
if waiting <= 0 then
  return { 0, '' }
end
local first
for _, seq in ipairs(redis.call('ZRANGE', P .. 'pending', 0, ARGV[1] - 1)) do
  local stage, since, received = unpack(redis.call('HMGET', article(seq), 'stage', 'since', 'received'))
  local at = stage == 'parked' and tonumber(since or received)
  if at and (not first or at < first) then
    first = at
  end
end
return { waiting, first and string.format('%.0f', first) or '' }
