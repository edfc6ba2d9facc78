-- take_shard.lua: the first shard that nobody has taken. ARGV: maker, offer whose task is known.
-- Returns nothing where there is none for this maker; else offer, `<number>:<content>` and, if it is not known, the task.
-- @include shards

check_offers()
local name, maker = unpack(redis.call('HMGET', OFFER, 'name', 'maker'))
if maker ~= ARGV[1] or redis.call('LLEN', OPEN) == 0 then
  return false
end
guard()
local shard = redis.call('LPOP', OPEN)
if name == ARGV[2] then
  return { name, shard }
end
return { name, shard, redis.call('HGET', OFFER, 'task') }
