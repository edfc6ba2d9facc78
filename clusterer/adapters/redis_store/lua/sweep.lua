-- sweep.lua: puts pending articles that are in no stream back into theirs, a slice of them a call.
--
-- ARGV: last seq looked at, limit, idle time after which a consumer without entries is forgotten (ms).
-- Returns: last seq of this slice ('' at the end), number repaired.
-- In health there is nothing to do: every script leaves article and stream in agreement. Only damage from outside (a stream deleted by
-- hand, a consumer removed with its entries) needs this.

check_shared_keys()
local seqs = redis.call('ZRANGEBYSCORE', P .. 'pending', '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])
guard()

local function parts(entry)
  local ms, n = string.match(entry, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(n)
end

local function later(entry, than)
  local ms, n = parts(entry)
  local than_ms, than_n = parts(than)
  return ms > than_ms or (ms == than_ms and n > than_n)
end

-- field, value, field, value ... as redis gives them
local function as_table(pairs_list)
  local t = {}
  for i = 1, #pairs_list, 2 do
    t[pairs_list[i]] = pairs_list[i + 1]
  end
  return t
end

local function last_delivered(queue)
  local groups = redis.pcall('XINFO', 'GROUPS', P .. queue)
  for _, group in ipairs(groups.err and {} or groups) do
    local facts = as_table(group)
    if facts['name'] == GROUP then
      return facts['last-delivered-id']
    end
  end
  return '0-0'
end

local delivered = { inbox = last_delivered('inbox'), ready = last_delivered('ready') }

-- The article that an entry is about; nil for one that is not there. A stream that was deleted gives ids of one millisecond out again.
local function named_by(queue, entry)
  local found = entry and redis.call('XRANGE', P .. queue, entry, entry)[1]
  return found and as_table(found[2])['s']
end

-- Either leased to somebody or not yet delivered.
local function is_awaited(queue, entry)
  return later(entry, delivered[queue]) or #redis.call('XPENDING', P .. queue, GROUP, entry, entry, 1) > 0
end

local function repair_parked(seq, waits)
  local state = waits and redis.call('HGET', article(waits), 'state')
  local circle = state == 'pending' and circle_of(seq, waits)
  if circle then
    for _, one in ipairs(circle) do
      back_to_inbox(one)
    end
    return #circle
  end
  if state == 'pending' and redis.call('ZSCORE', P .. 'parked:' .. waits, seq) then
    return 0
  end
  if state == 'pending' or state == 'assigned' then
    enqueue('ready', seq)
  else
    back_to_inbox(seq)
  end
  return 1
end

local lost = 0 -- articles that had to be in a queue and were in none

local function repair(seq)
  local state, stage, entry, waits = unpack(redis.call('HMGET', article(seq), 'state', 'stage', 'entry', 'waits'))
  if state ~= 'pending' then -- its record was lost, or the list is wrong about it
    redis.call('ZREM', P .. 'pending', seq)
    return 0
  end
  if stage == 'parked' then
    return repair_parked(seq, waits)
  end
  local queue = QUEUE_OF[stage]
  local named = queue and named_by(queue, entry)
  if named == seq and is_awaited(queue, entry) then
    return 0
  end
  lost = lost + 1
  if queue then
    if not named or named == seq then
      acknowledge(queue, entry)
    end
    enqueue(stage, seq)
  else -- nobody knows how far it was
    back_to_inbox(seq)
  end
  return 1
end

local function forget_idle_consumers(queue)
  local consumers = redis.pcall('XINFO', 'CONSUMERS', P .. queue, GROUP)
  for _, consumer in ipairs(consumers.err and {} or consumers) do
    local facts = as_table(consumer)
    if facts['pending'] == 0 and facts['idle'] > tonumber(ARGV[3]) then
      redis.call('XGROUP', 'DELCONSUMER', P .. queue, GROUP, facts['name'])
    end
  end
end

-- What was delivered at a time that is still to come was delivered before the clock of Redis' machine was put back: its lease would
-- run until then.
local function begin_leases_anew(queue)
  local stream = P .. queue
  local facts = redis.pcall('XINFO', 'STREAM', stream, 'FULL', 'COUNT', 1000)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for _, group in ipairs(facts.err and {} or as_table(facts)['groups']) do
    group = as_table(group)
    for _, entry in ipairs(group['name'] == GROUP and group['pending'] or {}) do
      if entry[3] > now then
        redis.call('XCLAIM', stream, GROUP, entry[2], 0, entry[1], 'TIME', now, 'RETRYCOUNT', entry[4], 'JUSTID')
      end
    end
  end
end

if ARGV[1] == '0' then
  begin_leases_anew('inbox')
  begin_leases_anew('ready')
end
local repaired = 0
for _, seq in ipairs(seqs) do
  repaired = repaired + repair(seq)
end
if lost > 0 then
  redis.call('HINCRBY', P .. 'counts', 'repaired', lost)
end
forget_idle_consumers('inbox')
forget_idle_consumers('ready')
return { seqs[#seqs] or '', repaired }
