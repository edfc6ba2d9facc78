-- accept.lua: stores articles and their inbox entries together; only then may the caller answer "accepted".
--
-- ARGV per article, 12: digest of its id, digest of its content hash, digest of its url or '', received (ms), article (compressed
-- JSON), then small facts, '' where absent: id, content hash, source, title, published (ms), url, lang.
-- Returns per article: seq, revision, 1 if this content was known already.

check_shared_keys()
local WIDTH = 12
for i = 1, #ARGV, WIDTH do
  redis.call('HLEN', P .. 'id:' .. ARGV[i])
  if ARGV[i + 2] ~= '' then
    redis.call('SCARD', P .. 'url:' .. ARGV[i + 2])
  end
end
guard()

local function set_unless_empty(key, field, value)
  if value ~= '' then
    redis.call('HSET', key, field, value)
  end
end

local function accept(i)
  local revisions = P .. 'id:' .. ARGV[i]
  local known = redis.call('HGET', revisions, ARGV[i + 1])
  if known then
    return known, redis.call('HGET', article(known), 'rev') or 1, 1
  end
  local seq = redis.call('HINCRBY', HEAD, 'seq', 1)
  local previous = redis.call('HGET', revisions, 'latest')
  local rev = previous and redis.call('HGET', article(previous), 'rev') + 1 or 1
  redis.call('HSET', revisions, ARGV[i + 1], seq, 'latest', seq)
  if ARGV[i + 2] ~= '' then
    redis.call('SADD', P .. 'url:' .. ARGV[i + 2], seq)
  end
  local key = article(seq)
  redis.call('HSET', key, 'id', ARGV[i + 5], 'hash', ARGV[i + 6], 'rev', rev, 'received', ARGV[i + 3], 'state', 'pending',
    'article', ARGV[i + 4])
  set_unless_empty(key, 'prev', previous or '')
  set_unless_empty(key, 'source', ARGV[i + 7])
  set_unless_empty(key, 'title', ARGV[i + 8])
  set_unless_empty(key, 'published', ARGV[i + 9])
  set_unless_empty(key, 'url', ARGV[i + 10])
  set_unless_empty(key, 'lang', ARGV[i + 11])
  redis.call('HINCRBY', P .. 'counts', 'accepted', 1)
  redis.call('HINCRBY', P .. 'counts', 'pending', 1)
  redis.call('ZADD', P .. 'pending', seq, seq)
  enqueue('received', seq)
  return seq, rev, 0
end

local receipts = {}
for i = 1, #ARGV, WIDTH do
  local seq, rev, known = accept(i)
  table.insert(receipts, tonumber(seq))
  table.insert(receipts, tonumber(rev))
  table.insert(receipts, known)
end
return receipts
