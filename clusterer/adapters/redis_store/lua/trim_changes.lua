-- trim_changes.lua: lets go of the oldest changes. ARGV: time before which they were made (ms), most of them. Returns how many went.

check_shared_keys()
local entries = redis.call('XRANGE', P .. 'log', '-', '+', 'COUNT', ARGV[2])
guard()

-- A cluster's list holds the numbers of its changes in order, so the oldest change of all stands first in it.
local function forget(cluster, number)
  local key = P .. 'h:' .. cluster
  if cluster ~= '' and redis.call('LINDEX', key, 0) == number then
    redis.call('LPOP', key)
  end
end

local gone = 0
for _, entry in ipairs(entries) do
  local change = {}
  for i = 1, #entry[2], 2 do
    change[entry[2][i]] = entry[2][i + 1]
  end
  if tonumber(change['t']) >= tonumber(ARGV[1]) then
    break
  end
  local number = string.match(entry[1], '^%d+')
  forget(change['c'], number)
  forget(change['o'], number)
  redis.call('XDEL', P .. 'log', entry[1])
  redis.call('HSET', HEAD, 'trimmed', number)
  gone = gone + 1
end
return gone
