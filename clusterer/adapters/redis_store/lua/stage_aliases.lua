-- stage_aliases.lua: a slice of the differences between the aliases an unpublished generation has and those it shall have.
-- @include staging
--
-- ARGV: generation, then per alias: id, living id it stands for or '' (no longer an alias). CONFLICT as in stage.lua.

local gen = ARGV[1]
local refused = unpublished(gen)
if refused then
  return refused
end
guard()
local key = gkey(gen, 'alias')
for _, row in ipairs(records(2, #ARGV, { 'id', 'target' })) do
  local id, target = row.id, row.target
  local before = redis.call('HGET', key, id)
  if before then
    redis.call('SREM', aliases_key(gen, before), id)
  end
  if target == '' then
    redis.call('HDEL', key, id)
  else
    redis.call('HSET', key, id, target)
    redis.call('SADD', aliases_key(gen, target), id)
  end
end
return 1
