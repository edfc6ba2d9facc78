-- ranking.lua: a page of living clusters of the published generation, by last_seen or size, descending. Reads only.
--
-- ARGV: last | size, limit, then score and id of the last one of the page before, or ''. Returns {id, score, id, score, ...}.
-- The place to go on is found by bisection among equal scores, since that last cluster may have moved or be gone.

local key = gkey(generation(), ARGV[1])
local limit, score, id = tonumber(ARGV[2]), ARGV[3], ARGV[4]

-- Byte order, as sorted sets have it; the operator < follows the server's locale.
local function before(a, b)
  for i = 1, math.min(#a, #b) do
    if string.byte(a, i) ~= string.byte(b, i) then
      return string.byte(a, i) < string.byte(b, i)
    end
  end
  return #a < #b
end

local function first_rank_below()
  local low = redis.call('ZCOUNT', key, '(' .. score, '+inf')
  local high = redis.call('ZCOUNT', key, score, '+inf')
  while low < high do
    local middle = math.floor((low + high) / 2)
    if before(redis.call('ZREVRANGE', key, middle, middle)[1], id) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local start = score == '' and 0 or first_rank_below()
return redis.call('ZREVRANGE', key, start, start + limit - 1, 'WITHSCORES')
