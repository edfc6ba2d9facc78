-- accept.lua: stores articles and their inbox entries together; only then may the caller answer "accepted".
--
-- ARGV per article: digest of its id, digest of its content hash, digest of its url or '', received (ms), article (compressed
-- JSON), then small facts, '' where absent: id, content hash, source, title, published (ms), url, lang, trace.
-- Returns per article: seq, revision, 1 if this content was known already.

check_shared_keys()
local sent = records(1, #ARGV, { 'id_digest', 'hash_digest', 'url_digest', 'received', 'article', 'id', 'hash', 'source', 'title',
  'published', 'url', 'lang', 'trace' })
for _, one in ipairs(sent) do
  redis.call('HLEN', P .. 'id:' .. one.id_digest)
  if one.url_digest ~= '' then
    redis.call('SCARD', P .. 'url:' .. one.url_digest)
  end
end
guard()

local function set_unless_empty(key, field, value)
  if value ~= '' then
    redis.call('HSET', key, field, value)
  end
end

local function accept(one)
  local revisions = P .. 'id:' .. one.id_digest
  local known = redis.call('HGET', revisions, one.hash_digest)
  if known then
    return known, redis.call('HGET', article(known), 'rev') or 1, 1
  end
  local seq = redis.call('HINCRBY', HEAD, 'seq', 1)
  local previous = redis.call('HGET', revisions, 'latest')
  local rev = previous and redis.call('HGET', article(previous), 'rev') + 1 or 1
  redis.call('HSET', revisions, one.hash_digest, seq, 'latest', seq)
  if one.url_digest ~= '' then
    redis.call('SADD', P .. 'url:' .. one.url_digest, seq)
  end
  local key = article(seq)
  redis.call('HSET', key, 'id', one.id, 'hash', one.hash, 'rev', rev, 'received', one.received, 'state', 'pending',
    'article', one.article)
  set_unless_empty(key, 'prev', previous or '')
  set_unless_empty(key, 'source', one.source)
  set_unless_empty(key, 'title', one.title)
  set_unless_empty(key, 'published', one.published)
  set_unless_empty(key, 'url', one.url)
  set_unless_empty(key, 'lang', one.lang)
  set_unless_empty(key, 'trace', one.trace)
  redis.call('HINCRBY', P .. 'counts', 'accepted', 1)
  redis.call('HINCRBY', P .. 'counts', 'pending', 1)
  redis.call('ZADD', P .. 'pending', seq, seq)
  enqueue('received', seq)
  return seq, rev, 0
end

local receipts = {}
for _, one in ipairs(sent) do
  local seq, rev, known = accept(one)
  table.insert(receipts, tonumber(seq))
  table.insert(receipts, tonumber(rev))
  table.insert(receipts, known)
end
return receipts
