-- lease.lua: up to `count` entries of a queue for a worker: those whose lease ran out, then new ones, oldest first.
--
-- ARGV: queue, worker, count, lease (ms). Returns per entry: entry id, seq, deliveries (from 1).
-- An entry whose article is no longer pending in this queue's stage, or has another entry by now, is acknowledged and dropped.
-- Does not call guard(): a full memory must not keep workers from draining the queues.

local queue, worker, count, lease_ms = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local stream = P .. queue
local ROUNDS = 10 -- bounds the work of one call
local leased, taken = {}, 0

local function offer(entries)
  for _, item in ipairs(entries) do
    if item and item[2] then
      local entry, seq = item[1], item[2][2]
      local state, stage, current = unpack(redis.call('HMGET', article(seq), 'state', 'stage', 'entry'))
      if state == 'pending' and stage == STAGE_OF[queue] and current == entry then
        taken = taken + 1
        table.insert(leased, entry)
        table.insert(leased, tonumber(seq))
        table.insert(leased, redis.call('HINCRBY', article(seq), 'leases', 1))
      else
        acknowledge(queue, entry)
      end
    end
  end
end

-- Redis 6.2 hands out entries that were deleted but never acknowledged as false, without their id: look for them and let go.
local function drop_deleted()
  for _, pending in ipairs(redis.call('XPENDING', stream, GROUP, '-', '+', 1000, worker)) do
    if #redis.call('XRANGE', stream, pending[1], pending[1]) == 0 then
      redis.call('XACK', stream, GROUP, pending[1])
    end
  end
end

local function has_hole(entries)
  for _, item in ipairs(entries) do
    if not item then
      return true
    end
  end
  return false
end

local function claim(cursor)
  return redis.pcall('XAUTOCLAIM', stream, GROUP, worker, lease_ms, cursor, 'COUNT', count - taken)
end

local cursor = '0-0'
for _ = 1, ROUNDS do
  local claimed = claim(cursor)
  if claimed.err then
    if string.sub(claimed.err, 1, 7) ~= 'NOGROUP' then
      return redis.error_reply(claimed.err)
    end
    -- From the beginning: what a lost group had delivered is delivered again, and done twice without harm.
    redis.call('XGROUP', 'CREATE', stream, GROUP, '0', 'MKSTREAM')
    claimed = claim(cursor)
  end
  offer(claimed[2])
  if has_hole(claimed[2]) then
    drop_deleted()
  end
  cursor = claimed[1]
  if cursor == '0-0' or taken >= count then
    break
  end
end

for _ = 1, ROUNDS do
  if taken >= count then
    break
  end
  local reply = redis.call('XREADGROUP', 'GROUP', GROUP, worker, 'COUNT', count - taken, 'STREAMS', stream, '>')
  if not reply then
    break
  end
  offer(reply[1][2])
end
return leased
