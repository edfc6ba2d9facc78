-- constrain.lua: stores or lifts a person's lasting correction, with a `corrected` change for the record.
--
-- ARGV: key, correction (JSON) or '' to lift it, cluster or '', seqs (comma separated), actor, reason, at (ms).
-- Returns 1 if anything changed.

local key, correction = ARGV[1], ARGV[2]
check_shared_keys()
local before = redis.call('HGET', P .. 'corrections', key)
if (before or '') == correction then
  return 0
end
guard()
if correction == '' then
  redis.call('HDEL', P .. 'corrections', key)
else
  redis.call('HSET', P .. 'corrections', key, correction)
end
mark_pins()
local seqs = ARGV[4] ~= '' and { ARGV[4] } or {}
record('corrected', ARGV[3], seqs, generation(), ARGV[7], '', ARGV[5], ARGV[6])
return 1
