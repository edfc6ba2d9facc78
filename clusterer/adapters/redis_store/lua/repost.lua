-- repost.lua: which articles are missing from a posting list that should hold them, and their way back into it.
-- @include posting
-- @include reposting
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

local function lacks(bucket, key, field, own)
  local list = bucket.begun and readable(key, field)
  return not list or (#list < CAP * SEQ and not position(list, own))
end

local function mend(seq, number, terms)
  local own, bucket, missing = struct.pack('<I4', seq), posting_bucket(number), false
  for at = 1, #terms, TERM do
    local key, field = place_of(bucket, string.sub(terms, at, at + TERM - 1))
    if lacks(bucket, key, field, own) then
      if not entering then
        return true
      end
      if not missing then
        begin_bucket(bucket, ttl)
      end
      missing = true
      enter(bucket, key, field, tonumber(seq))
    end
  end
  if missing then
    end_bucket(bucket)
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
