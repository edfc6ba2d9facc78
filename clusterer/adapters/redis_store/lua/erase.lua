-- erase.lua: takes articles out of everything and leaves tombstones.
-- @include posting
-- @include standing_in
--
-- ARGV: erased | expired, at (ms), then per article 5: seq, digest of its id, digest of its content hash, digest of its
-- canonical url and, for what a release before stored, of its url as it was sent; '' without one.
-- Returns how many changed state. `erased` takes any article and writes a change for each; `expired` takes assigned and dead ones.
-- A tombstone: received, rev, prev, state, stage. Its id's digest keeps the seq, so that the id is known to be gone.

local verdict, at = unpack(ARGV, 1, 2)
local articles = records(3, #ARGV, { 'seq', 'id_digest', 'hash_digest', 'url_digest', 'sent_url_digest' })
check_shared_keys()
for _, one in ipairs(articles) do
  redis.call('HLEN', article(one.seq))
  redis.call('HLEN', P .. 'id:' .. one.id_digest)
end
guard()

local left_by = {} -- generation -> clusters that lost members

local function leave_clusters(seq)
  local published
  for _, gen in ipairs(generations()) do
    local cid = redis.call('HGET', gkey(gen, 'assign'), seq)
    if cid then
      leave(gen, cid, seq)
      left_by[gen] = left_by[gen] or {}
      left_by[gen][cid] = true
      published = gen == generation() and cid or published
    end
  end
  return published
end

local function bury_for_good(one, state)
  local seq = one.seq
  local key, revisions = article(seq), P .. 'id:' .. one.id_digest
  local cluster = leave_clusters(seq)
  leave_postings(seq)
  if state == 'pending' then
    leave_queue(seq)
  end
  forget_relations(seq)
  redis.call('ZREM', P .. 'dead', seq)
  redis.call('ZREM', P .. 'finished', seq)
  redis.call('HDEL', revisions, one.hash_digest)
  redis.call('HSET', revisions, '#' .. seq, seq)
  if one.url_digest ~= '' then
    redis.call('SREM', P .. 'url:' .. one.url_digest, seq)
    redis.call('SREM', P .. 'url:' .. one.sent_url_digest, seq)
  end
  local received, rev, previous = unpack(redis.call('HMGET', key, 'received', 'rev', 'prev'))
  redis.call('DEL', key)
  redis.call('HSET', key, 'received', received, 'rev', rev, 'stage', 'done')
  if previous then
    redis.call('HSET', key, 'prev', previous)
  end
  change_state(seq, state, verdict)
  release_parked(seq, 'received')
  if verdict == 'erased' then
    record('erased', cluster or '', { seq }, generation(), at)
  end
end

local function settle_clusters()
  for gen, clusters in pairs(left_by) do
    for cid in pairs(clusters) do
      if size_of(gen, cid) > 0 then
        respan(gen, cid)
        settle(gen, cid)
      else
        retire(gen, cid)
        if gen == generation() then
          record('retired', cid, {}, gen, at)
        end
      end
    end
  end
end

local function may_go(state)
  if verdict == 'erased' then
    return state and state ~= 'erased'
  end
  return state == 'assigned' or state == 'dead'
end

local gone = 0
for _, one in ipairs(articles) do
  local state = redis.call('HGET', article(one.seq), 'state')
  if may_go(state) then
    bury_for_good(one, state)
    gone = gone + 1
  end
end
settle_clusters()
return gone
