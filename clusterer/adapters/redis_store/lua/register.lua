-- register.lua: keeps what later arrivals verify an article by, enters its terms into the posting index and returns who was there
-- before it, in one step: of two racing duplicates the later sees the earlier.
-- @include posting
--
-- ARGV: seq, document, fingerprint, title, lang or '', bucket, time to live of a bucket (ms), then three strings of 5-byte terms:
-- exact, bands, sketch.
-- Returns: for each kind of term a flat list {seq, shared, seq, shared, ...}.
--
-- Buckets are entered in order: an article that comes late enters the newest. So whoever registered before is in this bucket or an
-- older one. `turn` is an article's place in the order of first registrations. A repeated call sees only whom the first could see, so that
-- no two articles ever follow each other, whatever became of its terms: its source's boilerplate may have been learnt since.

local seq, document, fingerprint, title, lang, newest_bucket, ttl, exact_terms, band_terms, sketch_terms = unpack(ARGV)
local state, stage, bucket, terms, turn =
  unpack(redis.call('HMGET', article(seq), 'state', 'stage', 'bucket', 'terms', 'turn'))
if not state or state == 'erased' or state == 'expired' then
  return { {}, {}, {} }
end
guard()

-- Only while it waits in the inbox: afterwards its language is part of a cluster's counters and must not change.
if state == 'pending' and stage == 'received' then
  redis.call('HSET', article(seq), 'document', document, 'fingerprint', fingerprint, 'title', title)
  if lang ~= '' then
    redis.call('HSET', article(seq), 'lang', lang)
  end
end

-- Each of the packed terms once, without those of `left_out`.
local function unique(packed, left_out)
  local kept, seen = {}, {}
  for at = 1, #packed, TERM do
    local term = string.sub(packed, at, at + TERM - 1)
    if not seen[term] and not left_out[term] then
      table.insert(kept, term)
    end
    seen[term] = true
  end
  return table.concat(kept)
end

if not bucket then
  bucket = math.max(tonumber(redis.call('HGET', HEAD, 'bucket') or 0), tonumber(newest_bucket))
  redis.call('HSET', HEAD, 'bucket', bucket)
end
local again = terms
if not again then
  turn = redis.call('HINCRBY', HEAD, 'turn', 1)
  redis.call('HSET', article(seq), 'turn', turn)
end
local these = exact_terms .. band_terms .. sketch_terms
terms = (not terms or terms == these) and these or unique(terms .. these, {})
redis.call('HSET', article(seq), 'bucket', bucket, 'terms', terms)
bucket = tonumber(bucket)
local own = struct.pack('<I4', seq)

local function read(key, field)
  local list = redis.call('HGET', key, field)
  if not list then
    return '', '', 0
  end
  return read_on(key, field, list)
end

local function count(hits, list, upto)
  for at = 1, upto, SEQ do
    local packed = string.sub(list, at, at + SEQ - 1)
    hits[packed] = (hits[packed] or 0) + 1
  end
end

-- Articles of a former program have no turn; among themselves those accepted first count as the first.
local function came_before(other)
  local theirs = tonumber(redis.call('HGET', article(other), 'turn') or nil)
  if turn and theirs then
    return theirs < tonumber(turn)
  end
  return turn or (not theirs and other < tonumber(seq))
end

local overflowed, full = false, {}

local older, newest = {}, posting_bucket(bucket)
for number = bucket - OLDER_BUCKETS, bucket - 1 do
  local before = posting_bucket(number)
  if before.begun then
    table.insert(older, before)
  end
end
begin_bucket(newest, ttl)

-- Enters `own` unless it is there or the list is full.
local function enter_term(hits, term)
  local key, field = place_of(newest, term)
  if redis.call('HSETNX', key, field, own) == 1 then -- most terms are new
    newest.fields = newest.fields + 1
    expire_with_bucket(newest, key)
    return
  end
  local list, part, chunk = read_on(key, field, redis.call('HGET', key, field))
  local mine = position(list, own)
  count(hits, list, mine and mine - 1 or #list)
  if mine then
    return
  end
  if #list >= CAP * SEQ then
    overflowed, full[term] = true, true
    return
  end
  put(newest, key, chunk_field(field, chunk), part .. own)
  expire_with_bucket(newest, key)
end

local function register(packed_terms)
  local hits = {}
  for at = 1, #packed_terms, TERM do
    local term = string.sub(packed_terms, at, at + TERM - 1)
    for _, before in ipairs(older) do
      local list = read(place_of(before, term))
      count(hits, list, #list)
    end
    enter_term(hits, term)
  end
  hits[own] = nil
  local flat = {}
  for packed, shared in pairs(hits) do
    local other = struct.unpack('<I4', packed)
    if not again or came_before(other) then
      table.insert(flat, other)
      table.insert(flat, shared)
    end
  end
  return flat
end

local exact, bands, sketch = register(exact_terms), register(band_terms), register(sketch_terms)
end_bucket(newest)
if overflowed then
  redis.call('HSET', article(seq), 'terms', unique(terms, full)) -- only lists that hold the article must hold it later
end
return { exact, bands, sketch }
