-- repost.lua: which articles are missing from a posting list that should hold them, and their way back into it.
-- @include posting
--
-- ARGV: check | enter, bucket of now, time to live of a bucket (ms), then seqs. Returns the seqs that were missing from a list.
-- Looks at articles that are handed over and that a new arrival could still meet. One that is in the inbox enters by itself, when it
-- is registered. It goes before those accepted later, as if it had never been away. A list that is full holds whom it holds.

local entering, ttl = ARGV[1] == 'enter', ARGV[3]
local oldest = math.max(tonumber(redis.call('HGET', HEAD, 'bucket') or 0), tonumber(ARGV[2])) - OLDER_BUCKETS
if entering then
  guard()
end

-- The list as register would read it, or nil if it could not.
local function readable(key, field)
  local list = redis.pcall('HGET', key, field)
  if type(list) == 'table' then
    return nil
  end
  list = list and read_on(key, field, list) or ''
  return #list % SEQ == 0 and list or nil
end

local function lacks(key, field, own)
  local list = readable(key, field)
  return not list or (#list < CAP * SEQ and not position(list, own))
end

-- Everything that is left in any piece of the list, each seq once, in order.
local function remains(key, field)
  local seqs, known = {}, {}
  for chunk = 0, math.ceil(CAP * SEQ / CHUNK) - 1 do
    local part = redis.call('HGET', key, chunk_field(field, chunk)) or ''
    for at = 1, #part - SEQ + 1, SEQ do
      local seq = struct.unpack('<I4', part, at)
      if not known[seq] then
        known[seq] = true
        table.insert(seqs, seq)
      end
    end
  end
  return seqs, known
end

local function write(key, field, seqs)
  local per_chunk = CHUNK / SEQ
  for chunk = 0, math.ceil(CAP / per_chunk) - 1 do
    local packed = {}
    for place = chunk * per_chunk + 1, math.min((chunk + 1) * per_chunk, #seqs) do
      table.insert(packed, struct.pack('<I4', seqs[place]))
    end
    if #packed > 0 then
      redis.call('HSET', key, chunk_field(field, chunk), table.concat(packed))
    else
      redis.call('HDEL', key, chunk_field(field, chunk))
    end
  end
  expire_with_bucket(key, ttl)
end

local function enter(key, field, seq)
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', key)
  end
  local seqs, known = remains(key, field)
  local place = 1
  while place <= #seqs and seqs[place] < seq do
    place = place + 1
  end
  if not known[seq] and #seqs < CAP then
    table.insert(seqs, place, seq)
  end
  write(key, field, seqs)
end

local function mend(seq, bucket, terms)
  local own, prefix, missing = struct.pack('<I4', seq), bucket_prefix(bucket), false
  for at = 1, #terms, TERM do
    local shard, field = place_of(string.sub(terms, at, at + TERM - 1))
    local key = prefix .. shard
    if lacks(key, field, own) then
      missing = true
      if not entering then
        break
      end
      enter(key, field, tonumber(seq))
    end
  end
  return missing
end

local missing = {}
for i = 4, #ARGV do
  local seq = ARGV[i]
  local state, stage, bucket, terms = unpack(redis.call('HMGET', article(seq), 'state', 'stage', 'bucket', 'terms'))
  local decided = state == 'assigned' or (state == 'pending' and stage ~= 'received')
  if decided and bucket and tonumber(bucket) >= oldest and mend(seq, tonumber(bucket), terms or '') then
    table.insert(missing, tonumber(seq))
  end
end
return missing
