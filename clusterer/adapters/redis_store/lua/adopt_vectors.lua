-- adopt_vectors.lua: publishes the vectors of the next model: of all articles or of none, in one step.
--
-- ARGV: model. Returns 1, also when repeated; 0, nothing written, while articles are listed or the list is not complete.
-- The epoch rises, so that a writer that has decided by the old vectors is refused and builds its window anew.

local model, next_model, listed = unpack(redis.call('HMGET', HEAD, 'model', 'next_model', 'listed'))
if not next_model and model == ARGV[1] then
  return 1
end
if next_model ~= ARGV[1] or listed ~= 'all' or redis.call('ZCARD', P .. 'reembed') > 0 then
  return 0
end
guard()
local _, staged = vector_keys()
redis.call('HSET', HEAD, 'model', next_model, 'vectors', string.sub(staged, -2, -2))
redis.call('HDEL', HEAD, 'next_model', 'listed', 'writer')
redis.call('HINCRBY', HEAD, 'epoch', 1)
return 1
