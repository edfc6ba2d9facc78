-- reject.lua: keeps what was refused, and lets go of the oldest of it beyond a number and a size.
--
-- ARGV: most entries, most bytes, payload (compressed), reason, at (ms), the collection it was sent to.

local KEY = P .. 'rejected'
redis.call('XLEN', KEY)
guard()
redis.call('XADD', KEY, '*', 'packed', ARGV[3], 'reason', ARGV[4], 'at', ARGV[5], 'sent_to', ARGV[6])
local bytes = redis.call('HINCRBY', HEAD, 'rejected_bytes', #ARGV[3])
local length = redis.call('XLEN', KEY)
while length > 1 and (length > tonumber(ARGV[1]) or bytes > tonumber(ARGV[2])) do
  local oldest = redis.call('XRANGE', KEY, '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', KEY, oldest[1])
  if oldest[2][1] == 'packed' then
    bytes = redis.call('HINCRBY', HEAD, 'rejected_bytes', -#oldest[2][2])
  end
  length = length - 1
end
