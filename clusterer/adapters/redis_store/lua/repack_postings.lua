-- repack_postings.lua: puts the articles of schema 5 and before into the posting index of schema 6.
-- @include posting
-- @include reposting
--
-- ARGV: how many articles to look at, bucket of now, time to live of a bucket (ms). Returns 1 while there are more. Terms had eight
-- bytes, of which the first five are kept. How far it got is written in the same step, so none is cut twice, however often it is
-- called: nor once the data have this schema, by a process that slept while another finished. What no arrival would meet any more
-- is not entered.

local schema = redis.call('GET', 'clu:schema')
if not schema or tonumber(schema) > 5 then
  return 0
end
guard()
local WIDE = 8
local done, last, newest = unpack(redis.call('HMGET', HEAD, 'reposted', 'seq', 'bucket'))
done, last = tonumber(done or 0), tonumber(last or 0)
local oldest = math.max(tonumber(newest or 0), tonumber(ARGV[2])) - OLDER_BUCKETS
local upto = math.min(done + tonumber(ARGV[1]), last)

local function narrow(terms)
  local kept = {}
  for at = 1, #terms, WIDE do
    table.insert(kept, string.sub(terms, at, at + TERM - 1))
  end
  return kept
end

local function enter_all(seq, number, terms)
  local bucket = posting_bucket(number)
  begin_bucket(bucket, ARGV[3])
  for _, term in ipairs(terms) do
    local key, field = place_of(bucket, term)
    enter(bucket, key, field, seq)
  end
  end_bucket(bucket)
end

for seq = done + 1, upto do
  local bucket, terms = unpack(redis.call('HMGET', article(seq), 'bucket', 'terms'))
  if bucket and terms and #terms % WIDE == 0 then
    local narrowed = narrow(terms)
    redis.call('HSET', article(seq), 'terms', table.concat(narrowed))
    if tonumber(bucket) >= oldest then
      enter_all(seq, tonumber(bucket), narrowed)
    end
  end
end
redis.call('HSET', HEAD, 'reposted', upto)
return upto < last and 1 or 0
