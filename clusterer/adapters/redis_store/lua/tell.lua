-- tell.lua: puts clusters into storylines. Twice the same call changes nothing.
--
-- ARGV: number of aliases, per alias: id of a storyline that ended, the one it stands for now; then per cluster 3: cluster, storyline
-- or '' for none, when it begins (ms). A cluster that is not living (any more) is left out. An alias counts once its storyline is
-- empty, so it may be written before its clusters have gone over.

local first = 2 + 2 * ARGV[1]
check_shared_keys()
redis.call('HLEN', P .. 'storyline_aliases')
for i = first, #ARGV, 3 do
  if ARGV[i + 1] ~= '' then
    redis.call('ZCARD', storyline_key(ARGV[i + 1]))
  end
end
guard()
for i = 2, first - 1, 2 do
  redis.call('HSET', P .. 'storyline_aliases', ARGV[i], ARGV[i + 1])
end
for i = first, #ARGV, 3 do
  if ARGV[i + 1] == '' or size_of(generation(), ARGV[i]) == 0 then
    leave_storyline(ARGV[i])
  else
    enter_storyline(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  end
end
return 1
