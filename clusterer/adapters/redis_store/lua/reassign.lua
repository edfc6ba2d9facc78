-- reassign.lua: corrects who is in which cluster, in the published generation's table alone; counters and lists follow by staging.
--
-- ARGV: generation, last change known, then per article: seq, cluster or '' (in none). Returns 0, nothing written, if another
-- generation is published or there are later changes. Skipped: a cluster for an article that is not assigned, none for one that is.

local gen, known = unpack(ARGV, 1, 2)
check_shared_keys()
redis.call('HLEN', gkey(gen, 'assign'))
if generation() ~= gen or (redis.call('HGET', HEAD, 'change') or '0') ~= known then
  return 0
end
guard()
for _, row in ipairs(records(3, #ARGV, { 'seq', 'cluster' })) do
  local seq, cid = row.seq, row.cluster
  local state, received = unpack(redis.call('HMGET', article(seq), 'state', 'received'))
  local assigned = state == 'assigned' and received -- a record without either counts as lost
  if assigned and cid ~= '' then
    redis.call('HSET', gkey(gen, 'assign'), seq, cid)
  elseif not assigned and cid == '' then
    redis.call('HDEL', gkey(gen, 'assign'), seq)
  end
end
return 1
