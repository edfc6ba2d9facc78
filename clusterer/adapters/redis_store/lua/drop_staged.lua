-- drop_staged.lua: gives up a change of model, or clears away the vectors of the model before, some articles at a time.
--
-- ARGV: seq after which to go on, most articles. Returns the last seq looked at, or 0 when that was all.

local after, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local _, staged = vector_keys()
local last = tonumber(redis.call('HGET', HEAD, 'seq') or 0)
redis.call('HDEL', HEAD, 'next_model', 'listed')
redis.call('UNLINK', P .. 'reembed')
local upto = math.min(last, after + most)
for seq = after + 1, upto do
  redis.call('DEL', staged .. seq)
end
return upto < last and upto or 0
