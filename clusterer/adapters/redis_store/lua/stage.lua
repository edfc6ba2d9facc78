-- stage.lua: writes memberships into an unpublished generation, with the counters of commit. Twice the same call changes nothing.
-- @include staging
--
-- ARGV: generation, number of rows, then per row: seq, cluster; then per split: new cluster, the one it came from.
-- CONFLICT: published, or dropped meanwhile. A seq that is not assigned (any more) is skipped; one staged elsewhere before moves.

local gen, rows = ARGV[1], tonumber(ARGV[2])
local refused = unpublished(gen)
if refused then
  return refused
end
guard()

local came, went = {}, {}

local function place(seq, cid)
  local before = redis.call('HGET', gkey(gen, 'assign'), seq)
  if before == cid or redis.call('HGET', article(seq), 'state') ~= 'assigned' then
    return
  end
  if before then
    leave(gen, before, seq)
    went[before] = true
  end
  if size_of(gen, cid) == 0 then
    found(gen, cid)
    redis.call('HDEL', cluster_key(gen, cid), 'status', 'first', 'last')
  end
  enter(gen, cid, seq)
  came[cid] = true
end

local last_row = 2 + 2 * rows
for _, row in ipairs(records(3, last_row, { 'seq', 'cluster' })) do
  place(row.seq, row.cluster)
end
for cid in pairs(went) do
  if size_of(gen, cid) > 0 then
    respan(gen, cid)
    came[cid] = true
  else
    retire(gen, cid)
  end
end
for _, split in ipairs(records(last_row + 1, #ARGV, { 'cluster', 'origin' })) do
  if redis.call('EXISTS', cluster_key(gen, split.cluster)) == 1 then
    redis.call('HSET', cluster_key(gen, split.cluster), 'split_from', split.origin)
  end
end
for cid in pairs(came) do
  if size_of(gen, cid) > 0 then
    settle(gen, cid)
    inherit(gen, cid)
  end
end
return 1
