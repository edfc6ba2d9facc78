-- staging.lua: shared by stage and flip: how a cluster of an unpublished generation relates to the published one of the same id.

local function unpublished(gen)
  if gen == generation() or redis.call('SISMEMBER', P .. 'gens', gen) == 0 then
    return redis.error_reply('CONFLICT generation ' .. gen .. ' is not being staged')
  end
  return nil
end

local function same_members(gen, published, cid)
  local mine, theirs = members_key(gen, cid), members_key(published, cid)
  local n = redis.call('ZCARD', mine)
  if n ~= redis.call('ZCARD', theirs) then
    return false
  end
  for first = 0, n - 1, 1000 do
    local a, b = redis.call('ZRANGE', mine, first, first + 999), redis.call('ZRANGE', theirs, first, first + 999)
    for i = 1, #a do
      if a[i] ~= b[i] then
        return false
      end
    end
  end
  return true
end

-- Revision: that of the published cluster, one higher if the members differ; 1 for a new cluster. A former generation being made
-- ready for rollback keeps the revisions of its own clusters.
local function inherit(gen, cid)
  local key, published = cluster_key(gen, cid), generation()
  local rev, added, split_from = unpack(redis.call('HMGET', cluster_key(published, cid), 'rev', 'added', 'split_from'))
  if rev then
    redis.call('HSET', key, 'rev', same_members(gen, published, cid) and rev or rev + 1)
  elseif gen == redis.call('HGET', HEAD, 'staging') then
    redis.call('HSET', key, 'rev', 1)
  end
  redis.call('HSETNX', key, 'added', added or redis.call('HGET', key, 'last'))
  if split_from then
    redis.call('HSETNX', key, 'split_from', split_from)
  end
end
