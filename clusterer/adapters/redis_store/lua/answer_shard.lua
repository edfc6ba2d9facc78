-- answer_shard.lua: what a helper found. ARGV: offer, number, answer. Returns 1, or 0 when the offer no longer stands.
-- @include shards

check_offers()
if not stands(ARGV[1]) then
  return 0
end
guard()
redis.call('HSET', ANSWERS, ARGV[2], ARGV[3])
redis.call('PEXPIRE', ANSWERS, redis.call('PTTL', OFFER))
return 1
