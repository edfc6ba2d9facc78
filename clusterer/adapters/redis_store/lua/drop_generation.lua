-- drop_generation.lua: deletes a slice of an unpublished generation. ARGV: generation, number of clusters in a slice.
-- Returns 1 while there is more. CONFLICT for the published one. Unlinking frees memory in the background.

local gen = ARGV[1]
if gen == generation() then
  return redis.error_reply('CONFLICT generation ' .. gen .. ' is published: it cannot be dropped')
end
for _, field in ipairs({ 'staging', 'previous' }) do
  if redis.call('HGET', HEAD, field) == gen then
    redis.call('HDEL', HEAD, field)
  end
end
local ids = redis.call('SPOP', gkey(gen, 'ids'), ARGV[2])
for _, cid in ipairs(ids) do
  redis.call('UNLINK', cluster_key(gen, cid), members_key(gen, cid), aliases_key(gen, cid))
end
if #ids > 0 then
  return 1
end
for _, part in ipairs({ 'ids', 'assign', 'last', 'size', 'alias', 'touched' }) do
  redis.call('UNLINK', gkey(gen, part))
end
redis.call('SREM', P .. 'gens', gen)
return 0
