-- constraining.lua: a person's lasting correction, for the scripts that store or lift one.

-- Whether `one` would change anything. one: key, correction (JSON) or '' to lift it, cluster or '', seqs (comma separated), actor,
-- reason, at (ms).
local function differs(one)
  return (redis.call('HGET', P .. 'corrections', one.key) or '') ~= one.correction
end

-- Stores or lifts it, with a `corrected` change for the record.
local function constrain(one)
  if one.correction == '' then
    redis.call('HDEL', P .. 'corrections', one.key)
  else
    redis.call('HSET', P .. 'corrections', one.key, one.correction)
  end
  mark_pins()
  local seqs = one.seqs ~= '' and { one.seqs } or {}
  record('corrected', one.cluster, seqs, generation(), one.at, '', one.actor, one.reason)
end
