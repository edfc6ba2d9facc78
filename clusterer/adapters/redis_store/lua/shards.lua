-- shards.lua: a night's work that other workers may take. Included by the scripts about it.

local OFFER, OPEN, ANSWERS = P .. 'shards', P .. 'shards:open', P .. 'shards:answers'

local function stands(offer)
  return redis.call('HGET', OFFER, 'name') == offer
end

local function check_offers()
  redis.call('LLEN', OPEN)
  redis.call('HLEN', ANSWERS)
end

local function forget_offer()
  redis.call('DEL', OFFER, OPEN, ANSWERS)
end

-- All of an offer ends `lease` ms after its owner last asked.
local function keep_offer(lease)
  for _, key in ipairs({ OFFER, OPEN, ANSWERS }) do
    redis.call('PEXPIRE', key, lease)
  end
end
