-- mark_dead.lua: declares an article dead while it is pending in `queue`; the copies that waited for it return to the inbox.
--
-- ARGV: queue, entry, seq, reason, at (ms). Returns 1 if it died now.

local queue, entry, seq = ARGV[1], ARGV[2], ARGV[3]
check_shared_keys()
local state, stage = unpack(redis.call('HMGET', article(seq), 'state', 'stage'))
local tries = redis.call('HGET', article(seq), 'attempts') or 0
guard()
acknowledge(queue, entry)
if state ~= 'pending' or stage ~= STAGE_OF[queue] then
  return 0
end
leave_queue(seq)
change_state(seq, 'pending', 'dead')
redis.call('HSET', article(seq), 'why', ARGV[4], 'died', ARGV[5], 'tries', tries)
redis.call('ZADD', P .. 'dead', seq, seq)
finish(seq)
release_parked(seq, 'received')
return 1
