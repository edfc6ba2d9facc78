-- register.lua: enters an article's terms into the posting index and returns who was there before it, in one step: of two racing
-- duplicates the later sees the earlier.
--
-- ARGV: seq, bucket, time to live of a bucket (ms), then three strings of 8-byte terms: exact, bands, sketch.
-- Returns: number of terms whose list was full, then for each kind a flat list {seq, shared, seq, shared, ...}.
--
-- p:<bucket>:<2 bytes>  hash: 6 bytes -> up to 15 seqs of 4 bytes, so that keys stay in the compact encoding (values <= 64 bytes);
--                       the next 15 are under the same 6 bytes and a chunk number, and so on up to CAP.
-- Buckets are entered in order: an article that comes late enters the newest. So whoever registered before is in this bucket or an
-- older one, and a repeated call, which stops at its own entry, sees no one new.

local CAP, CHUNK, SEQ = 50, 60, 4
local seq, ttl = ARGV[1], ARGV[3]
local state, bucket, terms = unpack(redis.call('HMGET', article(seq), 'state', 'bucket', 'terms'))
if not state or state == 'erased' or state == 'expired' then
  return { 0, {}, {}, {} }
end
guard()

local all_terms = ARGV[4] .. ARGV[5] .. ARGV[6]
if not bucket then
  bucket = math.max(tonumber(redis.call('HGET', HEAD, 'bucket') or 0), tonumber(ARGV[2]))
  redis.call('HSET', HEAD, 'bucket', bucket)
  redis.call('HSET', article(seq), 'bucket', bucket, 'terms', all_terms)
elseif terms ~= all_terms then
  redis.call('HSET', article(seq), 'terms', (terms or '') .. all_terms)
end
bucket = tonumber(bucket)
local own = struct.pack('<I4', seq)

-- The rest of a posting list whose first piece is full; the whole list, its last piece and that one's number.
local function read_on(key, field, list)
  local chunk, part = 0, list
  while part and #part == CHUNK do
    chunk = chunk + 1
    part = redis.call('HGET', key, field .. string.char(chunk))
    list = list .. (part or '')
  end
  return list, part or '', chunk
end

local function read(key, field)
  local list = redis.call('HGET', key, field)
  if not list then
    return '', '', 0
  end
  return read_on(key, field, list)
end

local function position(list)
  for at = 1, #list, SEQ do
    if string.sub(list, at, at + SEQ - 1) == own then
      return at
    end
  end
  return nil
end

local function count(hits, list, upto)
  for at = 1, upto, SEQ do
    local packed = string.sub(list, at, at + SEQ - 1)
    hits[packed] = (hits[packed] or 0) + 1
  end
end

-- Enters `own` unless it is there or the list is full; returns 1 when it is full.
local function enter_term(hits, key, field)
  local list, part, chunk = read(key, field)
  local mine = position(list)
  count(hits, list, mine and mine - 1 or #list)
  if mine then
    return 0
  end
  if #list >= CAP * SEQ then
    return 1
  end
  redis.call('HSET', key, chunk == 0 and field or field .. string.char(chunk), part .. own)
  if redis.call('PTTL', key) < 0 then
    redis.call('PEXPIRE', key, ttl)
  end
  return 0
end

local overflowed = 0

local older = { P .. 'p:' .. bucket - 2 .. ':', P .. 'p:' .. bucket - 1 .. ':' }
local newest = P .. 'p:' .. bucket .. ':'

local function register(packed_terms)
  local hits = {}
  for at = 1, #packed_terms, 8 do
    local shard, field = string.sub(packed_terms, at, at + 1), string.sub(packed_terms, at + 2, at + 7)
    for _, prefix in ipairs(older) do
      local list = redis.call('HGET', prefix .. shard, field)
      if list then
        list = read_on(prefix .. shard, field, list)
        count(hits, list, #list)
      end
    end
    overflowed = overflowed + enter_term(hits, newest .. shard, field)
  end
  hits[own] = nil
  local flat = {}
  for packed, shared in pairs(hits) do
    table.insert(flat, (struct.unpack("<I4", packed)))
    table.insert(flat, shared)
  end
  return flat
end

local exact, bands, sketch = register(ARGV[4]), register(ARGV[5]), register(ARGV[6])
return { overflowed, exact, bands, sketch }
