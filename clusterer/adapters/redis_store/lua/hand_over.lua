-- hand_over.lua: moves prepared articles from the inbox to the ready stream, with all that was made of them.
--
-- ARGV: model, then per article 12: entry, seq, document, fingerprint, title, lang or '', relations, other or '', 1 or '' (is a copy),
-- 1 or '' (movable), sparse, vectors or ''. Returns how many moved.
-- An article that is not pending in the inbox any more is skipped, its entry acknowledged. MODEL: nothing was written.

local WIDTH = 12
local model, next_model = unpack(redis.call('HMGET', HEAD, 'model', 'next_model'))
local published = vector_keys()
local has_vectors = false
check_shared_keys()
for i = 2, #ARGV, WIDTH do
  redis.call('HLEN', article(ARGV[i + 1]))
  has_vectors = has_vectors or ARGV[i + 11] ~= ''
end
if has_vectors and model and model ~= ARGV[1] then
  return redis.error_reply('MODEL the collection holds vectors of ' .. model .. ', not of ' .. ARGV[1] .. ': run `clusterer reembed`')
end
guard()

local function hand_over(i)
  local entry, seq, other = ARGV[i], ARGV[i + 1], ARGV[i + 7]
  local key = article(seq)
  local state, stage, current = unpack(redis.call('HMGET', key, 'state', 'stage', 'entry'))
  acknowledge('inbox', entry)
  if state ~= 'pending' or stage ~= 'received' then
    return 0
  end
  if current ~= entry then
    acknowledge('inbox', current)
  end
  forget_relations(seq)
  redis.call('HDEL', key, 'attempts')
  redis.call('HSET', key, 'document', ARGV[i + 2], 'fingerprint', ARGV[i + 3], 'title', ARGV[i + 4], 'relations', ARGV[i + 6],
    'movable', ARGV[i + 9], 'sparse', ARGV[i + 10])
  if ARGV[i + 5] ~= '' then
    redis.call('HSET', key, 'lang', ARGV[i + 5])
  end
  if other ~= '' then
    redis.call('HSET', key, 'other', other)
    redis.call('ZADD', P .. 'copies:' .. other, seq, seq)
  end
  if ARGV[i + 8] ~= '' then
    redis.call('HSET', key, 'copy', ARGV[i + 8])
  end
  if ARGV[i + 11] ~= '' then
    redis.call('SET', published .. seq, ARGV[i + 11])
    redis.call('HSETNX', HEAD, 'model', ARGV[1])
    if next_model then
      redis.call('ZADD', P .. 'reembed', seq, seq)
    end
  end
  enqueue('ready', seq)
  return 1
end

local moved = 0
for i = 2, #ARGV, WIDTH do
  moved = moved + hand_over(i)
end
return moved
