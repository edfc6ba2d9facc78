-- relist.lua: whether articles are in the lists that their own records put them in, and in no other.
--
-- ARGV: check | enter, then seqs. Returns {seq, name of a list, ...}: for each list that was wrong about an article.
-- Lists: pending (which the sweep goes by), dead, finished (which retention goes by), copies (of the primary relation's article).

local entering = ARGV[1] == 'enter'
check_shared_keys()
if entering then
  guard()
end

local wrong = {}

local function compare(seq, name, key, belongs, score)
  local listed = redis.pcall('ZSCORE', key, seq)
  local foreign = type(listed) == 'table' -- an error reply: something else is under this key
  if not foreign and (listed ~= false) == belongs then
    return
  end
  table.insert(wrong, tonumber(seq))
  table.insert(wrong, name)
  if entering and foreign then
    redis.call('DEL', key)
  end
  if entering and belongs then
    redis.call('ZADD', key, score, seq)
  elseif entering then
    redis.call('ZREM', key, seq)
  end
end

for i = 2, #ARGV do
  local seq = ARGV[i]
  local state, received, other = unpack(redis.call('HMGET', article(seq), 'state', 'received', 'other'))
  if state and received then
    compare(seq, 'pending', P .. 'pending', state == 'pending', seq)
    compare(seq, 'dead', P .. 'dead', state == 'dead', seq)
    compare(seq, 'finished', P .. 'finished', state == 'assigned' or state == 'dead', received)
    if other then
      compare(seq, 'copies', P .. 'copies:' .. other, true, seq)
    end
  end
end
return wrong
