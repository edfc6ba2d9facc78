-- replace_webhook.lua: stores an endpoint if it is as the caller knows it. ARGV: id, what is stored or '' for nothing, what is to be
-- stored or '' for nothing. Returns 1, also where it is stored already; 0, nothing written, where something else is.

local id, known, wanted = unpack(ARGV)
local key = P .. 'webhooks'
local now = redis.call('HGET', key, id) or ''
if now == wanted then
  return 1
end
if now ~= known then
  return 0
end
guard()
if wanted == '' then
  redis.call('HDEL', key, id)
else
  redis.call('HSET', key, id, wanted)
end
return 1
