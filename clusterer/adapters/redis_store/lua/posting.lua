-- posting.lua: shared by the scripts of the posting index: how it is laid out.
--
-- t:<bucket>          hash: `shards`, the number of its shards, and `fields`, how many fields these have together
-- t:<bucket>:<shard>  hash: 4 bytes of a term -> up to 15 seqs of 4 bytes, so that keys stay in the compact encoding (values <= 64
--                     bytes); the next 15 are under the same 4 bytes and a chunk number, and so on up to CAP.
--
-- A key costs as much as eight fields, so a bucket has one for every FIELDS of them: its shards are split one at a time as it grows
-- (linear hashing; Litwin, VLDB 1980). A term is a hash of five bytes. The first is always the shard's number modulo 256, so the
-- other four are the field.

local CAP, CHUNK, SEQ, TERM = 50, 60, 4, 5
local FIRST_SHARDS, FIELDS = 256, 64
local FIELD = TERM - 1
local OLDER_BUCKETS = 2 -- older buckets that are searched too
local MOVED_AT_ONCE = 64

-- The largest power of two up to `number`.
local function power_upto(number)
  local power = FIRST_SHARDS
  while power * 2 <= number do
    power = power * 2
  end
  return power
end

local function posting_bucket(number)
  local key = P .. 't:' .. number
  local size = redis.pcall('HMGET', key, 'shards', 'fields')
  local shards, fields = size[1], size[2]
  local bucket = {
    key = key,
    begun = shards and true or false,
    damaged = size.err,
    shards = tonumber(shards) or FIRST_SHARDS,
    fields = tonumber(fields) or 0,
  }
  bucket.power = power_upto(bucket.shards)
  return bucket
end

local function shard_key(bucket, shard)
  return bucket.key .. ':' .. shard
end

local function shard_of(bucket, first_byte, field)
  local hash = first_byte + 256 * struct.unpack('<I4', field)
  local shard = hash % (2 * bucket.power)
  return shard < bucket.shards and shard or shard - bucket.power
end

-- The key that has a term's list, and its field.
local function place_of(bucket, term)
  local field = string.sub(term, 2)
  return shard_key(bucket, shard_of(bucket, string.byte(term), field)), field
end

local function chunk_field(field, chunk)
  return chunk == 0 and field or field .. string.char(chunk)
end

-- The rest of a posting list whose first piece is full; the whole list, its last piece and that one's number.
local function read_on(key, field, list)
  local chunk, part = 0, list
  while part and #part == CHUNK do
    chunk = chunk + 1
    part = redis.call('HGET', key, chunk_field(field, chunk))
    list = list .. (part or '')
  end
  return list, part or '', chunk
end

local function position(list, own)
  for at = 1, #list, SEQ do
    if string.sub(list, at, at + SEQ - 1) == own then
      return at
    end
  end
  return nil
end

-- Writing -----------------------------------------------------------------------------------------------------------------------

-- Before anything is put into a bucket: all of it expires at one time, `ttl` (ms) after it was begun.
local function begin_bucket(bucket, ttl)
  if bucket.damaged then
    redis.call('DEL', bucket.key)
  end
  if redis.call('PTTL', bucket.key) < 0 then
    redis.call('HSET', bucket.key, 'shards', bucket.shards, 'fields', bucket.fields)
    redis.call('PEXPIRE', bucket.key, ttl)
  end
  bucket.begun, bucket.ttl = true, redis.call('PTTL', bucket.key)
end

local function put(bucket, key, field, part)
  bucket.fields = bucket.fields + redis.call('HSET', key, field, part)
end

local function take_out(bucket, key, field)
  bucket.fields = bucket.fields - redis.call('HDEL', key, field)
end

local function expire_with_bucket(bucket, key)
  if redis.call('PTTL', key) < 0 then
    redis.call('PEXPIRE', key, math.max(1, bucket.ttl))
  end
end

-- Moves what belongs into one more shard out of the one that had it so far.
local function split(bucket)
  local new = bucket.shards
  local power = power_upto(new)
  local from, to = shard_key(bucket, new - power), shard_key(bucket, new)
  bucket.shards, bucket.power = new + 1, power
  local held = redis.call('HGETALL', from)
  local moved, fields = {}, {}
  local function move()
    if #fields > 0 then
      redis.call('HSET', to, unpack(moved))
      redis.call('HDEL', from, unpack(fields))
      moved, fields = {}, {}
    end
  end
  for at = 1, #held, 2 do
    if shard_of(bucket, new % 256, string.sub(held[at], 1, FIELD)) == new then
      table.insert(moved, held[at])
      table.insert(moved, held[at + 1])
      table.insert(fields, held[at])
      if #fields == MOVED_AT_ONCE then
        move()
      end
    end
  end
  move()
  if redis.call('EXISTS', to) == 1 then
    expire_with_bucket(bucket, to)
  end
end

-- After something was put into a bucket that was begun.
local function end_bucket(bucket)
  while bucket.fields > bucket.shards * FIELDS do
    split(bucket)
  end
  redis.call('HSET', bucket.key, 'shards', bucket.shards, 'fields', bucket.fields)
end
