-- take_back_attempt.lua: takes back one attempt at a pending article, which ended for a reason that was not the article's. ARGV: seq.

local key = article(ARGV[1])
if redis.call('HGET', key, 'state') == 'pending' and tonumber(redis.call('HGET', key, 'attempts') or 0) > 0 then
  redis.call('HINCRBY', key, 'attempts', -1)
end
return 1
