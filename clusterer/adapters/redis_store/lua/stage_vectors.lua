-- stage_vectors.lua: keeps vectors of the next model beside the published ones.
--
-- ARGV: model, then per article 3: seq, published vectors as the caller read them or '', vectors or '' (nothing to embed).
-- Returns how many were taken. An article whose published vectors are others by now, because it was prepared anew, stays listed;
-- one that is not prepared, or of which only the vectors are left after damage, does not.
-- CONFLICT if another model is being prepared.

local model = ARGV[1]
local published, staged = vector_keys()
if redis.call('HGET', HEAD, 'next_model') ~= model then
  return redis.error_reply('CONFLICT no vectors of ' .. model .. ' are wanted')
end
guard()
local taken = 0
for _, one in ipairs(records(2, #ARGV, { 'seq', 'known', 'vectors' })) do
  local seq = one.seq
  local prepared = redis.call('HEXISTS', article(seq), 'sparse') == 1
  if not prepared or (redis.call('GET', published .. seq) or '') == one.known then
    redis.call('ZREM', P .. 'reembed', seq)
    if prepared and one.vectors ~= '' then
      redis.call('SET', staged .. seq, one.vectors)
    end
    taken = taken + 1
  end
end
return taken
