-- replace_webhook.lua: stores an endpoint if it is as the caller knows it. ARGV: id, what is stored or '' for nothing, what is to be
-- stored or '' for nothing. Returns 1, also where it is stored already; 0, nothing written, where something else is.

local key = P .. 'webhooks'
local now = redis.call('HGET', key, ARGV[1]) or ''
if now == ARGV[3] then
  return 1
end
if now ~= ARGV[2] then
  return 0
end
guard()
if ARGV[3] == '' then
  redis.call('HDEL', key, ARGV[1])
else
  redis.call('HSET', key, ARGV[1], ARGV[3])
end
return 1
