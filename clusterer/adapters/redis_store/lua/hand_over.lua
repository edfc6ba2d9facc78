-- hand_over.lua: moves prepared articles from the inbox to the ready stream, with what was made of them since they were registered.
-- @include posting
-- @include standing_in
--
-- ARGV: model, then per article: entry, seq, relations, other or '', 1 or '' (is a copy), 1 or '' (movable), sparse, vector or ''.
-- Returns how many moved.
-- An article that is not pending in the inbox any more is skipped, its entry acknowledged. MODEL: nothing was written.

local model = ARGV[1]
local prepared = records(2, #ARGV, { 'entry', 'seq', 'relations', 'other', 'copy', 'movable', 'sparse', 'vector' })
local stored_model, next_model = unpack(redis.call('HMGET', HEAD, 'model', 'next_model'))
local published = vector_keys()
local has_vectors = false
check_shared_keys()
for _, one in ipairs(prepared) do
  redis.call('HLEN', article(one.seq))
  redis.call('HLEN', article(one.other))
  has_vectors = has_vectors or one.vector ~= ''
end
if has_vectors and stored_model and stored_model ~= model then
  return redis.error_reply('MODEL the collection holds vectors of ' .. stored_model .. ', not of ' .. model .. ': run `clusterer reembed`')
end
guard()

local function hand_over(one)
  local key = article(one.seq)
  local state, stage, current = unpack(redis.call('HMGET', key, 'state', 'stage', 'entry'))
  acknowledge('inbox', one.entry)
  if state ~= 'pending' or stage ~= 'received' then
    return 0
  end
  if current ~= one.entry then
    acknowledge('inbox', current)
  end
  forget_relations(one.seq)
  redis.call('HDEL', key, 'attempts')
  redis.call('HSET', key, 'relations', one.relations, 'movable', one.movable, 'sparse', one.sparse)
  if one.other ~= '' then
    redis.call('HSET', key, 'other', one.other)
    redis.call('ZADD', P .. 'copies:' .. one.other, one.seq, one.seq)
  end
  if one.copy ~= '' then
    redis.call('HSET', key, 'copy', one.copy)
    give_up_terms(one.seq, one.other)
  end
  if one.vector ~= '' then
    redis.call('SET', published .. one.seq, one.vector)
    redis.call('HSETNX', HEAD, 'model', model)
    if next_model then
      redis.call('ZADD', P .. 'reembed', one.seq, one.seq)
    end
  end
  enqueue('ready', one.seq)
  return 1
end

local moved = 0
for _, one in ipairs(prepared) do
  moved = moved + hand_over(one)
end
return moved
