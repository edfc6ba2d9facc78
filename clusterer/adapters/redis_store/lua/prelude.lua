-- prelude.lua: what every script of a collection shares. scripts.py puts it, and clusters.lua, in front of each script.
--
-- KEYS[1] is the collection's head hash, `clu:{<collection>}:head`; every other key has the same prefix, hence the same hash slot.
-- The layout of all keys is described in redis_store/keys.py.
--
-- Promise of every writing script: arguments and types are checked first, then guard() makes the first write. Redis does not undo
-- a script that fails half-way, but it refuses for lack of memory, a read-only replica or a failing disk only at a script's first
-- write. So after guard() nothing can fail any more, and the script happens wholly or not at all.

local HEAD = KEYS[1]

-- The last argument of every script is the life of the collection that its caller knows (registry.py). Another one, or none, has
-- nothing to do with what the caller wants to write.
if redis.call('HGET', HEAD, 'life') ~= table.remove(ARGV) then
  return redis.error_reply('GONE the collection was deleted meanwhile')
end

local P = string.sub(HEAD, 1, -5)
local GROUP = 'workers'
local QUEUE_OF = { received = 'inbox', ready = 'ready' }
local STAGE_OF = { inbox = 'received', ready = 'ready' }
local PROMOTED_AT_ONCE = 256

local function article(seq)
  return P .. 'a:' .. seq
end

-- The arguments from ARGV[first] to ARGV[last], a table for each item, by the names of its fields.
local function records(first, last, names)
  local found = {}
  for at = first, last, #names do
    local item = {}
    for place, name in ipairs(names) do
      item[name] = ARGV[at + place - 1]
    end
    table.insert(found, item)
  end
  return found
end

-- The first write: free of effect once the collection has a generation, refused where any write would be.
local function guard()
  redis.call('HSETNX', HEAD, 'gen', '1')
end

-- Raises WRONGTYPE before anything is written if a shared key holds something else.
local function check_shared_keys()
  redis.call('HLEN', P .. 'counts')
  redis.call('XLEN', P .. 'log')
  redis.call('XLEN', P .. 'inbox')
  redis.call('XLEN', P .. 'ready')
  redis.call('ZCARD', P .. 'pending')
  redis.call('ZCARD', P .. 'dead')
  redis.call('ZCARD', P .. 'finished')
  redis.call('HLEN', P .. 'storylines')
end

local function generation()
  return redis.call('HGET', HEAD, 'gen') or '1'
end

-- The refusal (an error reply) of a writer that is not current, or nil. An empty epoch is a person's correction.
local function refusal(epoch, gen)
  if epoch ~= '' and epoch ~= (redis.call('HGET', HEAD, 'epoch') or '0') then
    redis.pcall('HINCRBY', P .. 'counts', 'fenced', 1)
    return redis.error_reply('FENCED a newer writer holds the lease')
  end
  if gen ~= generation() then
    return redis.error_reply('STALEGEN generation ' .. generation() .. ' is published')
  end
  return nil
end

-- Prefixes of the keys that hold vectors: those of the published model, and those of the model that is to take its place.
local function vector_keys()
  local published = redis.call('HGET', HEAD, 'vectors') or 'v'
  return P .. published .. ':', P .. (published == 'v' and 'w' or 'v') .. ':'
end

-- Books -------------------------------------------------------------------------------------------------------------------------

local function change_state(seq, from, to)
  redis.call('HSET', article(seq), 'state', to)
  redis.call('HINCRBY', P .. 'counts', from, -1)
  redis.call('HINCRBY', P .. 'counts', to, 1)
end

-- Assigned or dead: retention may take it, by the time it was received.
local function finish(seq)
  redis.call('ZADD', P .. 'finished', redis.call('HGET', article(seq), 'received'), seq)
end

-- Appends to the change feed; its numbers are contiguous because number and record are written in one script. Returns the number.
local function record(kind, cluster, seqs, gen, at, other, actor, reason)
  local number = redis.call('HINCRBY', HEAD, 'change', 1)
  redis.call('XADD', P .. 'log', number .. '-0', 'k', kind, 'c', cluster, 's', table.concat(seqs, ','), 'g', gen, 't', at,
    'o', other or '', 'a', actor or '', 'r', reason or '')
  if cluster ~= '' then
    redis.call('RPUSH', P .. 'h:' .. cluster, number)
  end
  if other and other ~= '' then
    redis.call('RPUSH', P .. 'h:' .. other, number)
  end
  return number
end

-- Leases: keys that expire, by the time of day of Redis' machine. One that has much longer to go than any is given for was given
-- before that clock was put back: its holder may be dead, and where it is not, it is fenced.
local function held_by_another(key, worker, lease_ms)
  local holder = redis.call('GET', key)
  return holder and holder ~= worker and redis.call('PTTL', key) <= 10 * tonumber(lease_ms)
end

-- Queues ------------------------------------------------------------------------------------------------------------------------

local function enqueue(stage, seq)
  local entry = redis.call('XADD', P .. QUEUE_OF[stage], '*', 's', seq)
  redis.call('HSET', article(seq), 'stage', stage, 'entry', entry)
  redis.call('HDEL', article(seq), 'leases', 'waits', 'since')
end

local function acknowledge(queue, entry)
  if entry and entry ~= '' then
    redis.call('XACK', P .. queue, GROUP, entry)
    redis.call('XDEL', P .. queue, entry)
  end
end

-- Takes a pending article out of whatever stream it is in; called when it stops being pending.
local function leave_queue(seq)
  local stage, entry = unpack(redis.call('HMGET', article(seq), 'stage', 'entry'))
  if QUEUE_OF[stage] then
    acknowledge(QUEUE_OF[stage], entry)
  end
  redis.call('HDEL', article(seq), 'entry', 'leases', 'attempts', 'trace')
  redis.call('HSET', article(seq), 'stage', 'done')
  redis.call('ZREM', P .. 'pending', seq)
end

-- Copies ------------------------------------------------------------------------------------------------------------------------

-- Drops what hand_over stored, so that the article is compared anew.
local function forget_relations(seq)
  local other, waits = unpack(redis.call('HMGET', article(seq), 'other', 'waits'))
  if other then
    redis.call('ZREM', P .. 'copies:' .. other, seq)
  end
  if waits then
    redis.call('ZREM', P .. 'parked:' .. waits, seq)
  end
  redis.call('HDEL', article(seq), 'relations', 'other', 'waits', 'since', 'copy', 'movable', 'sparse')
  redis.call('DEL', P .. 'v:' .. seq, P .. 'w:' .. seq)
  redis.call('ZREM', P .. 'reembed', seq)
end

local function back_to_inbox(seq)
  forget_relations(seq)
  enqueue('received', seq)
end

-- The articles that wait for each other if `seq` waits for `other`; nil if they do not.
local function circle_of(seq, other)
  local members, seen = { seq }, { [seq] = true }
  while other and not seen[other] do
    seen[other] = true
    table.insert(members, other)
    local state, stage, waits = unpack(redis.call('HMGET', article(other), 'state', 'stage', 'waits'))
    other = state == 'pending' and stage == 'parked' and waits
  end
  return other == seq and members or nil
end

-- Copies that waited for `seq`: to the ready stream when it was committed, to the inbox when it never will be. Bounded; every
-- commit of a copy takes up some more, and the sweep what is left.
local function release_parked(seq, stage)
  local waiting = redis.call('ZRANGE', P .. 'parked:' .. seq, 0, PROMOTED_AT_ONCE - 1)
  for _, copy in ipairs(waiting) do
    redis.call('ZREM', P .. 'parked:' .. seq, copy)
    if stage == 'ready' then
      enqueue('ready', copy)
    else
      back_to_inbox(copy)
    end
  end
  return #waiting
end
