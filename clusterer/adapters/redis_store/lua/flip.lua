-- flip.lua: publishes an unpublished generation: one pointer, with its lineage in the change feed, in one step.
-- @include staging
--
-- ARGV: generation published now, generation to publish, last change replayed, at (ms), actor, reason, then per lineage change 6:
-- kind, cluster, seqs (comma separated), other or '', actor or '', reason or ''.
-- Returns 0, nothing written, if another generation is published or there are later changes. CONFLICT if the generation is gone or
-- does not hold exactly the assigned articles: publishing it would lose some.

local WIDTH = 6
local from, to, at = ARGV[1], ARGV[2], ARGV[4]
check_shared_keys()
if generation() ~= from or (redis.call('HGET', HEAD, 'change') or '0') ~= ARGV[3] then
  return 0
end
local refused = unpublished(to)
if refused then
  return refused
end
local staged, assigned = redis.call('HLEN', gkey(to, 'assign')), redis.call('HLEN', gkey(from, 'assign'))
if staged ~= assigned then
  return redis.error_reply('CONFLICT generation ' .. to .. ' holds ' .. staged .. ' articles, ' .. from .. ' holds ' .. assigned)
end
guard()
for _, cid in ipairs(redis.call('SMEMBERS', gkey(to, 'touched'))) do
  if size_of(to, cid) > 0 then
    inherit(to, cid)
  end
end
redis.call('DEL', gkey(to, 'touched'))
redis.call('HSET', HEAD, 'gen', to, 'previous', from)
redis.call('HDEL', HEAD, 'staging')
for i = 7, #ARGV, WIDTH do
  local seqs = ARGV[i + 2] ~= '' and { ARGV[i + 2] } or {}
  record(ARGV[i], ARGV[i + 1], seqs, to, at, ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
  if ARGV[i] == 'merged' or ARGV[i] == 'retired' then
    leave_storyline(ARGV[i + 1], ARGV[i + 3] ~= '' and ARGV[i + 3])
  end
end
record('flipped', '', {}, to, at, '', ARGV[5], ARGV[6])
mark_pins()
return 1
