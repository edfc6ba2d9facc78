-- offer_shards.lua: let other workers take shards of a night's work. ARGV: offer, maker, task, lease (ms), each `<number>:<content>`.
-- Returns 1 where there was none to take before, 0 otherwise.
-- @include shards

check_offers()
guard()
if not stands(ARGV[1]) then
  forget_offer()
end
local dry = redis.call('LLEN', OPEN) == 0
redis.call('HSET', OFFER, 'name', ARGV[1], 'maker', ARGV[2], 'task', ARGV[3])
for at = 5, #ARGV do
  redis.call('RPUSH', OPEN, ARGV[at])
end
keep_offer(ARGV[4])
return dry and 1 or 0
