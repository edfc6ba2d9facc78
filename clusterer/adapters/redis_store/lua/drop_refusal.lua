-- drop_refusal.lua: forgets one entry of what was refused. ARGV: its number. Returns 1 if it was there.

local KEY = P .. 'rejected'
local found = redis.call('XRANGE', KEY, ARGV[1], ARGV[1])[1]
if not found then
  return 0
end
guard()
redis.call('XDEL', KEY, ARGV[1])
if found[2][1] == 'packed' then
  redis.call('HINCRBY', HEAD, 'rejected_bytes', -#found[2][2])
end
return 1
