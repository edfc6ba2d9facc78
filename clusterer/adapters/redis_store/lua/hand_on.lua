-- hand_on.lua: make the worker that asked for it the collection's writer. ARGV: worker, lease (ms). Returns 1, or 0 where nobody asked
-- or the collection has another writer.
--
-- The epoch rises when the successor claims the lease that it now has (claim.lua); one that does not come lets it run out.

local asking = redis.call('GET', P .. 'asking')
if not asking or asking == ARGV[1] or redis.call('GET', P .. 'leader') ~= ARGV[1] then
  return 0
end
guard()
redis.call('DEL', P .. 'asking')
redis.call('SET', P .. 'leader', asking, 'PX', ARGV[2])
return 1
