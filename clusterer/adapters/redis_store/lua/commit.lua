-- commit.lua: assigns pending articles to clusters: membership, counters, change feed, books and acknowledgement together.
--
-- ARGV: epoch, generation, at (ms), then per article 8: entry, seq, action (open | join | copy), cluster or '', other or '', reasons,
-- cluster or '' whose storyline a newly opened one goes on with, its neighbours or ''.
-- Returns per article: status, cluster or ''. FENCED, STALEGEN: nothing was written.
-- Articles are taken in order, each seeing what the ones before it did. Twice the same call: the second finds duplicates.

local epoch, gen, at = unpack(ARGV, 1, 3)
local refused = refusal(epoch, gen)
if refused then
  return refused
end
check_shared_keys()
redis.call('HLEN', gkey(gen, 'assign'))
redis.call('ZCARD', gkey(gen, 'last'))
redis.call('ZCARD', gkey(gen, 'size'))
local items = records(4, #ARGV, { 'entry', 'seq', 'action', 'cluster', 'other', 'reasons', 'beside', 'near' })
for _, one in ipairs(items) do
  redis.call('HLEN', article(one.seq))
  if one.cluster ~= '' then
    redis.call('HLEN', cluster_key(gen, one.cluster))
    redis.call('ZCARD', members_key(gen, one.cluster))
  end
  if one.other ~= '' then
    redis.call('HLEN', article(one.other))
  end
  local storyline = one.beside ~= '' and redis.call('HGET', P .. 'storylines', one.beside)
  if storyline then
    redis.call('ZCARD', storyline_key(storyline))
  end
end
guard()

local function assigned_to(seq)
  return redis.call('HGET', gkey(gen, 'assign'), seq)
end

local function assign(seq, cid, founded, reasons, near)
  leave_queue(seq)
  change_state(seq, 'pending', 'assigned')
  redis.call('HSET', article(seq), 'reasons', reasons)
  finish(seq)
  if founded then
    found(gen, cid)
  end
  enter(gen, cid, seq)
  settle(gen, cid, at)
  redis.call('HSET', article(seq), 'change', record(founded and 'created' or 'updated', cid, { seq }, gen, at))
  if near ~= '' then
    redis.call('HSET', article(seq), 'near', near)
  end
  release_parked(seq, 'ready')
  return 'committed', cid
end

local function park(seq, other)
  local now = redis.call('TIME')
  local stage, entry = unpack(redis.call('HMGET', article(seq), 'stage', 'entry'))
  acknowledge(QUEUE_OF[stage], entry)
  redis.call('HDEL', article(seq), 'entry', 'leases')
  redis.call('HSET', article(seq), 'stage', 'parked', 'waits', other, 'since', now[1] * 1000 + math.floor(now[2] / 1000))
  redis.call('ZADD', P .. 'parked:' .. other, seq, seq)
  return 'parked', ''
end

local function follow(seq, other, reasons)
  local state = redis.call('HGET', article(other), 'state')
  local cid = state == 'assigned' and assigned_to(other)
  if cid then
    release_parked(other, 'ready')
    return assign(seq, cid, false, reasons, '')
  end
  local circle = state == 'pending' and circle_of(seq, other)
  if state == 'pending' and not circle then
    return park(seq, other)
  end
  local entry = redis.call('HGET', article(seq), 'entry')
  acknowledge('ready', entry)
  for _, one in ipairs(circle or { seq }) do
    back_to_inbox(one)
  end
  return 'orphaned', ''
end

-- A cluster that was just founded goes on with the storyline of another, if that is in one.
local function go_on(cid, seq, other)
  local id = other and redis.call('HGET', P .. 'storylines', other)
  if id then
    local published, received = unpack(redis.call('HMGET', article(seq), 'published', 'received'))
    enter_storyline(cid, id, published or received)
  end
end

local function unissued(cid)
  return not ever_issued(gen, cid) and cid
end

local NOT_READY = { parked = 'parked', received = 'orphaned' }

local function commit(one)
  local entry, seq, action = one.entry, one.seq, one.action
  local state, stage = unpack(redis.call('HMGET', article(seq), 'state', 'stage'))
  if state ~= 'pending' then
    acknowledge('ready', entry)
    return 'duplicate', assigned_to(seq) or ''
  end
  if stage ~= 'ready' then
    acknowledge('ready', entry)
    return NOT_READY[stage], ''
  end
  if action == 'copy' then
    acknowledge('ready', entry)
    return follow(seq, one.other, one.reasons)
  end
  local target = action == 'open' and unissued(one.cluster) or action == 'join' and living(gen, one.cluster)
  if not target then
    return 'stale', ''
  end
  acknowledge('ready', entry)
  local status, committed = assign(seq, target, action == 'open', one.reasons, one.near)
  if action == 'open' and one.beside ~= '' then
    go_on(target, seq, living(gen, one.beside))
  end
  return status, committed
end

local results = {}
for _, one in ipairs(items) do
  local status, cid = commit(one)
  table.insert(results, status)
  table.insert(results, cid)
end
return results
