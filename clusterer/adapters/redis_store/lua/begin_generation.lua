-- begin_generation.lua: the number of a new generation, above every number ever used. No arguments.

redis.call('SCARD', P .. 'gens')
guard()
redis.call('SADD', P .. 'gens', generation())
local top = math.max(tonumber(redis.call('HGET', HEAD, 'top') or 0), tonumber(generation())) + 1
redis.call('HSET', HEAD, 'top', top, 'staging', top)
redis.call('SADD', P .. 'gens', top)
return top
