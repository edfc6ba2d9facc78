-- drop_title_vectors.lua: cuts the second half, the title's vector, off what schema 2 stored of each article.
--
-- ARGV: how many articles to look at. Returns 1 while there are more. How far it got is written in the same step, so no value is cut
-- twice, however often it is called: nor once the data have a later schema, by a process that slept while another finished.

local schema = redis.call('GET', 'clu:schema')
if schema ~= '1' and schema ~= '2' then
  return 0
end
guard()
local done, last = unpack(redis.call('HMGET', HEAD, 'upgraded', 'seq'))
done, last = tonumber(done or 0), tonumber(last or 0)
local upto = math.min(done + tonumber(ARGV[1]), last)
for seq = done + 1, upto do
  for _, prefix in ipairs({ vector_keys() }) do
    local vectors = redis.call('GET', prefix .. seq)
    if vectors then
      redis.call('SET', prefix .. seq, string.sub(vectors, 1, #vectors / 2))
    end
  end
end
redis.call('HSET', HEAD, 'upgraded', upto)
return upto < last and 1 or 0
