-- reposting.lua: entering an article into the posting index after others, as if it had never been away.

-- Everything that is left in any piece of the list, each seq once, in order.
local function remains(key, field)
  local seqs, known = {}, {}
  for chunk = 0, math.ceil(CAP * SEQ / CHUNK) - 1 do
    local part = redis.call('HGET', key, chunk_field(field, chunk)) or ''
    for at = 1, #part - SEQ + 1, SEQ do
      local seq = struct.unpack('<I4', part, at)
      if not known[seq] then
        known[seq] = true
        table.insert(seqs, seq)
      end
    end
  end
  return seqs, known
end

local function write(bucket, key, field, seqs)
  local per_chunk = CHUNK / SEQ
  for chunk = 0, math.ceil(CAP / per_chunk) - 1 do
    local packed = {}
    for place = chunk * per_chunk + 1, math.min((chunk + 1) * per_chunk, #seqs) do
      table.insert(packed, struct.pack('<I4', seqs[place]))
    end
    if #packed > 0 then
      put(bucket, key, chunk_field(field, chunk), table.concat(packed))
    else
      take_out(bucket, key, chunk_field(field, chunk))
    end
  end
  expire_with_bucket(bucket, key)
end

-- The bucket must have been begun.
local function enter(bucket, key, field, seq)
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', key)
  end
  local seqs, known = remains(key, field)
  local place = 1
  while place <= #seqs and seqs[place] < seq do
    place = place + 1
  end
  if not known[seq] and #seqs < CAP then
    table.insert(seqs, place, seq)
  end
  write(bucket, key, field, seqs)
end
