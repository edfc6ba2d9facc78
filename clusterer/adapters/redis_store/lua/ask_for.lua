-- ask_for.lua: ask the collection's writer to hand it on. ARGV: worker, how long the wish holds (ms). The last to ask counts.

guard()
redis.call('SET', P .. 'asking', ARGV[1], 'PX', ARGV[2])
return 1
