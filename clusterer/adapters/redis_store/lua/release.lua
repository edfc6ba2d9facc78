-- release.lua: give the writer's lease up early. ARGV: worker.

if redis.call('GET', P .. 'leader') == ARGV[1] then
  redis.call('DEL', P .. 'leader')
end
return 1
