-- reject.lua: keeps what was refused, and lets go of the oldest of it beyond a number and a size.
--
-- ARGV: most entries, most bytes, payload (compressed), reason, at (ms), the collection it was sent to.

local most_entries, most_bytes, payload, reason, at, sent_to = unpack(ARGV)
local KEY = P .. 'rejected'
redis.call('XLEN', KEY)
guard()
redis.call('XADD', KEY, '*', 'packed', payload, 'reason', reason, 'at', at, 'sent_to', sent_to)
local bytes = redis.call('HINCRBY', HEAD, 'rejected_bytes', #payload)
local length = redis.call('XLEN', KEY)
while length > 1 and (length > tonumber(most_entries) or bytes > tonumber(most_bytes)) do
  local oldest = redis.call('XRANGE', KEY, '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', KEY, oldest[1])
  if oldest[2][1] == 'packed' then
    bytes = redis.call('HINCRBY', HEAD, 'rejected_bytes', -#oldest[2][2])
  end
  length = length - 1
end
