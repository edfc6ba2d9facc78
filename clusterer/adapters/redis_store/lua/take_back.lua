-- take_back.lua: for the owner of an offer. ARGV: offer, lease (ms).
-- Returns the last shard that nobody has taken (`<number>:<content>`, or nothing), and the answers that came since: number, answer, ...
-- @include shards

check_offers()
if not stands(ARGV[1]) then
  return { false, {} }
end
guard()
local shard = redis.call('RPOP', OPEN)
local answers = redis.call('HGETALL', ANSWERS)
redis.call('DEL', ANSWERS)
keep_offer(ARGV[2])
return { shard, answers }
