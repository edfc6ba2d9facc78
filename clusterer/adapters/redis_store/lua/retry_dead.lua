-- retry_dead.lua: makes a dead article pending again, at the end of the inbox. ARGV: seq. Returns 1 if it was dead.

local seq = ARGV[1]
check_shared_keys()
if redis.call('HGET', article(seq), 'state') ~= 'dead' then
  return 0
end
guard()
redis.call('ZREM', P .. 'dead', seq)
redis.call('ZREM', P .. 'finished', seq)
redis.call('HDEL', article(seq), 'why', 'died', 'tries', 'attempts')
change_state(seq, 'dead', 'pending')
redis.call('ZADD', P .. 'pending', seq, seq)
back_to_inbox(seq)
return 1
