-- begin_reembedding.lua: lists the articles whose vectors another model has to make, some at a time.
--
-- ARGV: model, most articles to look at. Returns how many are left to look at; 0: the list is complete, hand_over.lua keeps it so.
-- A model other than the one begun before starts from nothing: what that one had made is dropped on the way.

local model, most = ARGV[1], tonumber(ARGV[2])
local published, staged = vector_keys()
local next_model, listed, last = unpack(redis.call('HMGET', HEAD, 'next_model', 'listed', 'seq'))
last = tonumber(last or 0)
guard()
if next_model ~= model then
  redis.call('HSET', HEAD, 'next_model', model)
  redis.call('UNLINK', P .. 'reembed')
  listed = '0'
end
if listed == 'all' then
  return 0
end
local upto = math.min(last, tonumber(listed) + most)
for seq = tonumber(listed) + 1, upto do
  redis.call('DEL', staged .. seq)
  if redis.call('EXISTS', published .. seq) == 1 then
    redis.call('ZADD', P .. 'reembed', seq, seq)
  end
end
redis.call('HSET', HEAD, 'listed', upto == last and 'all' or upto)
return last - upto
