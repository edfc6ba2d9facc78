-- recount.lua: the counts of articles anew, from the lists that relist keeps right, so that it costs the same for any number of them.
--
-- ARGV: erased articles as counted one by one, stored count of them before that. Returns 0, nothing written, if that is another now.

check_shared_keys()
local counts = P .. 'counts'
if (redis.call('HGET', counts, 'erased') or '0') ~= ARGV[2] then
  return 0
end
guard()
local accepted, erased = tonumber(redis.call('HGET', HEAD, 'seq') or 0), tonumber(ARGV[1])
local pending, dead = redis.call('ZCARD', P .. 'pending'), redis.call('ZCARD', P .. 'dead')
local finished = redis.call('ZCARD', P .. 'finished')
redis.call('HSET', counts, 'accepted', accepted, 'pending', pending, 'assigned', finished - dead, 'dead', dead,
  'erased', erased, 'expired', accepted - pending - finished - erased)
return 1
