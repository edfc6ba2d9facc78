-- claim.lua: become or stay the collection's writer. ARGV: worker, lease (ms). Returns the epoch, or nil while another holds it.
--
-- The epoch rises when the writer differs from the last one, and only then: who lets a lease run out and finds no successor goes on
-- with the same epoch. The lease is for liveness; safety comes from the epoch, which every commit carries.

local worker = ARGV[1]
if held_by_another(P .. 'leader', worker, ARGV[2]) then
  return nil
end
guard()
redis.call('SET', P .. 'leader', worker, 'PX', ARGV[2])
if redis.call('HGET', HEAD, 'writer') ~= worker then
  redis.call('HSET', HEAD, 'writer', worker)
  return redis.call('HINCRBY', HEAD, 'epoch', 1)
end
return tonumber(redis.call('HGET', HEAD, 'epoch'))
