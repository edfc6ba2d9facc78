-- posting.lua: shared by register and repost: how the posting index is laid out.
--
-- p:<bucket>:<2 bytes>  hash: 6 bytes -> up to 15 seqs of 4 bytes, so that keys stay in the compact encoding (values <= 64 bytes);
--                       the next 15 are under the same 6 bytes and a chunk number, and so on up to CAP.

local CAP, CHUNK, SEQ, TERM = 50, 60, 4, 8
local OLDER_BUCKETS = 2 -- older buckets that are searched too

local function bucket_prefix(bucket)
  return P .. 'p:' .. bucket .. ':'
end

-- What follows the prefix of a bucket in the name of the key, and the field.
local function place_of(term)
  return string.sub(term, 1, 2), string.sub(term, 3)
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

local function expire_with_bucket(key, ttl)
  if redis.call('PTTL', key) < 0 then
    redis.call('PEXPIRE', key, ttl)
  end
end
