-- clusters.lua: membership and counters of clusters, in one generation. Used by commit, regroup, erase and the nightly staging, so
-- that all of them count alike.
--
-- g<n>:assign     hash  seq -> cluster
-- g<n>:ids        set   every cluster id of this generation, living or retired
-- g<n>:c:<id>     hash  n (articles), origins, first, last, added (ms), rev, status, split_from,
--                       s:<source>, l:<lang>, o:<origin> -> articles
-- g<n>:m:<id>     zset  members, scored by seq
-- g<n>:a:<id>     set   ids that stand for this cluster
-- g<n>:last, :size  zsets  living clusters by last_seen (ms) and by number of articles
-- g<n>:alias      hash  id merged away -> living id, always one step
-- g<n>:touched    set   while n is being staged: clusters of the published generation whose members changed meanwhile

local function gkey(gen, part)
  return P .. 'g' .. gen .. ':' .. part
end

local function cluster_key(gen, cid)
  return gkey(gen, 'c:' .. cid)
end

local function members_key(gen, cid)
  return gkey(gen, 'm:' .. cid)
end

local function aliases_key(gen, cid)
  return gkey(gen, 'a:' .. cid)
end

-- Every generation that holds data.
local function generations()
  local numbers = redis.call('SMEMBERS', P .. 'gens')
  return #numbers > 0 and numbers or { generation() }
end

local function size_of(gen, cid)
  return tonumber(redis.call('HGET', cluster_key(gen, cid), 'n') or 0)
end

-- The living cluster an id stands for, or nil.
local function living(gen, cid)
  local target = redis.call('HGET', gkey(gen, 'alias'), cid) or cid
  if size_of(gen, target) > 0 then
    return target
  end
  return nil
end

local function ever_issued(gen, cid)
  return redis.call('EXISTS', cluster_key(gen, cid)) == 1 or redis.call('HEXISTS', gkey(gen, 'alias'), cid) == 1
end

local function found(gen, cid, split_from)
  redis.call('SADD', gkey(gen, 'ids'), cid)
  redis.call('HSET', cluster_key(gen, cid), 'n', 0, 'origins', 0)
  if split_from then
    redis.call('HSET', cluster_key(gen, cid), 'split_from', split_from)
  end
end

-- A cluster that was merged away lives again under its id. What had been merged into it before stays with the one that took it in.
local function revive(gen, cid)
  local into = redis.call('HGET', gkey(gen, 'alias'), cid)
  redis.call('HDEL', gkey(gen, 'alias'), cid)
  redis.call('SREM', aliases_key(gen, into), cid)
  found(gen, cid)
  redis.call('HDEL', cluster_key(gen, cid), 'status', 'first', 'last')
end

local function bump(key, field, by)
  local value = redis.call('HINCRBY', key, field, by)
  if value <= 0 then
    redis.call('HDEL', key, field)
  end
  return value
end

-- Adds (by = 1) or takes away (by = -1) one article's share of a cluster's counters; returns when it was received (ms).
local function tally(gen, cid, seq, by)
  local key = cluster_key(gen, cid)
  local source, lang, copy, received = unpack(redis.call('HMGET', article(seq), 'source', 'lang', 'copy', 'received'))
  redis.call('HINCRBY', key, 'n', by)
  if source then
    bump(key, 's:' .. source, by)
  end
  if lang then
    bump(key, 'l:' .. lang, by)
  end
  if not copy then
    local origin = bump(key, source and 'o:s:' .. source or 'o:a:' .. seq, by)
    if (by == 1 and origin == 1) or (by == -1 and origin <= 0) then
      redis.call('HINCRBY', key, 'origins', by)
    end
  end
  return tonumber(received or '')
end

-- Widens a cluster's time span to an article received at `received` (ms); nil when that was lost.
local function widen(gen, cid, received)
  if not received then
    return
  end
  local key = cluster_key(gen, cid)
  local first, last = unpack(redis.call('HMGET', key, 'first', 'last'))
  if not first or received < tonumber(first) then
    redis.call('HSET', key, 'first', string.format('%.0f', received))
  end
  if not last or received > tonumber(last) then
    redis.call('HSET', key, 'last', string.format('%.0f', received))
  end
end

local function enter(gen, cid, seq)
  redis.call('HSET', gkey(gen, 'assign'), seq, cid)
  redis.call('ZADD', members_key(gen, cid), seq, seq)
  widen(gen, cid, tally(gen, cid, seq, 1))
end

local function leave(gen, cid, seq)
  redis.call('HDEL', gkey(gen, 'assign'), seq)
  redis.call('ZREM', members_key(gen, cid), seq)
  tally(gen, cid, seq, -1)
end

-- The time span anew, from the members that remain; as it was if their list, or their records, were lost.
local function respan(gen, cid)
  local first, last = math.huge, 0
  for _, seq in ipairs(redis.call('ZRANGE', members_key(gen, cid), 0, -1)) do
    local received = tonumber(redis.call('HGET', article(seq), 'received') or '')
    if received then
      first, last = math.min(first, received), math.max(last, received)
    end
  end
  if first == math.huge then
    return
  end
  redis.call('HSET', cluster_key(gen, cid), 'first', string.format('%.0f', first), 'last', string.format('%.0f', last))
end

-- After any change of members: revision and sort keys. `added` (ms) when members came in.
local function settle(gen, cid, added)
  local key = cluster_key(gen, cid)
  redis.call('HINCRBY', key, 'rev', 1)
  if added then
    redis.call('HSET', key, 'added', added)
  end
  local n, last = unpack(redis.call('HMGET', key, 'n', 'last'))
  redis.call('ZADD', gkey(gen, 'last'), last or 0, cid)
  redis.call('ZADD', gkey(gen, 'size'), n, cid)
  local staging = redis.call('HGET', HEAD, 'staging')
  if staging and staging ~= gen then
    redis.call('SADD', gkey(staging, 'touched'), cid)
  end
end

-- `from`, and whatever stood for it, stand for `to` from now on.
local function alias(gen, from, to)
  local names = redis.call('SMEMBERS', aliases_key(gen, from))
  table.insert(names, from)
  for _, name in ipairs(names) do
    redis.call('HSET', gkey(gen, 'alias'), name, to)
    redis.call('SADD', aliases_key(gen, to), name)
  end
  redis.call('DEL', aliases_key(gen, from))
end

-- The pinned clusters under the ids they have now; few, so made anew whenever ids or pins change.
local function mark_pins()
  redis.call('DEL', P .. 'pinned')
  for _, key in ipairs(redis.call('HKEYS', P .. 'corrections')) do
    local cid = string.match(key, '^pin:(.*)$') -- core/records.py, Correction.key
    cid = cid and living(generation(), cid)
    if cid then
      redis.call('SADD', P .. 'pinned', cid)
    end
  end
end

-- Storylines hold living clusters of the published generation, in order of time: `storylines` (hash, cluster -> storyline) and
-- `storyline:<id>` (zset) say the same.

local function storyline_key(id)
  return P .. 'storyline:' .. id
end

-- `when` in ms. The cluster leaves the storyline it was in.
local function enter_storyline(cid, id, when)
  local before = redis.call('HGET', P .. 'storylines', cid)
  if before and before ~= id then
    redis.call('ZREM', storyline_key(before), cid)
  end
  redis.call('HSET', P .. 'storylines', cid, id)
  redis.call('ZADD', storyline_key(id), when, cid)
end

-- The cluster is in none any more; whoever it stands for now takes its place if it is in none.
local function leave_storyline(cid, successor)
  local id = redis.call('HGET', P .. 'storylines', cid)
  if not id then
    return
  end
  local when = redis.call('ZSCORE', storyline_key(id), cid)
  redis.call('HDEL', P .. 'storylines', cid)
  redis.call('ZREM', storyline_key(id), cid)
  if successor and when and size_of(generation(), successor) > 0
    and redis.call('HEXISTS', P .. 'storylines', successor) == 0 then
    enter_storyline(successor, id, when)
  end
end

-- A cluster that has no members any more; its record stays, so that its id is never issued again.
local function retire(gen, cid, successor)
  local key = cluster_key(gen, cid)
  redis.call('HSET', key, 'status', 'retired', 'n', 0, 'origins', 0)
  redis.call('HINCRBY', key, 'rev', 1)
  redis.call('ZREM', gkey(gen, 'last'), cid)
  redis.call('ZREM', gkey(gen, 'size'), cid)
  if successor then
    alias(gen, cid, successor)
  end
  if redis.call('SISMEMBER', P .. 'pinned', cid) == 1 then
    mark_pins()
  end
  if gen == generation() then
    leave_storyline(cid, successor)
  end
end

local function calls_in_slices(command, key, values)
  for first = 1, #values, 1000 do
    redis.call(command, key, unpack(values, first, math.min(first + 999, #values)))
  end
end

-- All members of `source` become members of `target`. By counters and in slices, so that a large cluster costs milliseconds.
local function absorb(gen, source, target, at)
  local from, to = cluster_key(gen, source), cluster_key(gen, target)
  local seqs = redis.call('ZRANGE', members_key(gen, source), 0, -1)
  local assigned, scored = {}, {}
  for _, seq in ipairs(seqs) do
    table.insert(assigned, seq)
    table.insert(assigned, target)
    table.insert(scored, seq)
    table.insert(scored, seq)
  end
  calls_in_slices('HSET', gkey(gen, 'assign'), assigned)
  calls_in_slices('ZADD', members_key(gen, target), scored)
  redis.call('DEL', members_key(gen, source))
  redis.call('HINCRBY', to, 'n', #seqs)
  local fields = redis.call('HGETALL', from)
  for i = 1, #fields, 2 do
    local field, kind = fields[i], string.sub(fields[i], 1, 2)
    if kind == 's:' or kind == 'l:' or kind == 'o:' then
      local value = redis.call('HINCRBY', to, field, fields[i + 1])
      if kind == 'o:' and value == tonumber(fields[i + 1]) then
        redis.call('HINCRBY', to, 'origins', 1)
      end
      redis.call('HDEL', from, field)
    end
  end
  local first, last = unpack(redis.call('HMGET', from, 'first', 'last'))
  widen(gen, target, tonumber(first or ''))
  widen(gen, target, tonumber(last or ''))
  settle(gen, target, at)
  retire(gen, source, target)
  return seqs
end
