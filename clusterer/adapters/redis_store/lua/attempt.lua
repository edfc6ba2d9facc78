-- attempt.lua: counts that work on one article alone begins. ARGV: seq. Returns the number of such attempts, 0 if there is no article.

if redis.call('HGET', article(ARGV[1]), 'state') ~= 'pending' then
  return 0
end
return redis.call('HINCRBY', article(ARGV[1]), 'attempts', 1)
