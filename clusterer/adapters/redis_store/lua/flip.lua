-- flip.lua: publishes an unpublished generation: one pointer, with its lineage in the change feed, in one step.
-- @include staging
--
-- ARGV: generation published now, generation to publish, last change replayed, at (ms), actor, reason, then per lineage change 6:
-- kind, cluster, seqs (comma separated), other or '', actor or '', reason or ''.
-- Returns 0, nothing written, if another generation is published or there are later changes. CONFLICT if the generation is gone or
-- does not hold exactly the assigned articles: publishing it would lose some.

local from, to, replayed, at, actor, reason = unpack(ARGV, 1, 6)
check_shared_keys()
if generation() ~= from or (redis.call('HGET', HEAD, 'change') or '0') ~= replayed then
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
for _, change in ipairs(records(7, #ARGV, { 'kind', 'cluster', 'seqs', 'other', 'actor', 'reason' })) do
  local seqs = change.seqs ~= '' and { change.seqs } or {}
  record(change.kind, change.cluster, seqs, to, at, change.other, change.actor, change.reason)
  if change.kind == 'merged' or change.kind == 'retired' then
    leave_storyline(change.cluster, change.other ~= '' and change.other)
  end
end
record('flipped', '', {}, to, at, '', actor, reason)
mark_pins()
return 1
