-- keep_fingerprint.lua: what later arrivals verify against.
--
-- ARGV: seq, document, fingerprint, title, lang or ''. Returns 1 if kept.
-- Only while the article waits in the inbox: afterwards its language is part of a cluster's counters and must not change.

local key = article(ARGV[1])
local state, stage = unpack(redis.call('HMGET', key, 'state', 'stage'))
if state ~= 'pending' or stage ~= 'received' then
  return 0
end
guard()
redis.call('HSET', key, 'document', ARGV[2], 'fingerprint', ARGV[3], 'title', ARGV[4])
if ARGV[5] ~= '' then
  redis.call('HSET', key, 'lang', ARGV[5])
end
return 1
