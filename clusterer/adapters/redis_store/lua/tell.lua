-- tell.lua: puts clusters into storylines. Twice the same call changes nothing.
--
-- ARGV: number of aliases, per alias: id of a storyline that ended, the one it stands for now; then per cluster 3: cluster, storyline
-- or '' for none, when it begins (ms). A cluster that is not living (any more) is left out. An alias counts once its storyline is
-- empty, so it may be written before its clusters have gone over.

local first = 2 + 2 * ARGV[1]
local aliases = records(2, first - 1, { 'ended', 'storyline' })
local clusters = records(first, #ARGV, { 'id', 'storyline', 'begins' })
check_shared_keys()
redis.call('HLEN', P .. 'storyline_aliases')
for _, cluster in ipairs(clusters) do
  if cluster.storyline ~= '' then
    redis.call('ZCARD', storyline_key(cluster.storyline))
  end
end
guard()
for _, one in ipairs(aliases) do
  redis.call('HSET', P .. 'storyline_aliases', one.ended, one.storyline)
end
for _, cluster in ipairs(clusters) do
  if cluster.storyline == '' or size_of(generation(), cluster.id) == 0 then
    leave_storyline(cluster.id)
  else
    enter_storyline(cluster.id, cluster.storyline, cluster.begins)
  end
end
return 1
