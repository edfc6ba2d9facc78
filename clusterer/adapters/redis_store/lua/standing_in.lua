-- standing_in.lua: of articles with the very same words one stands in the posting index, and the others, which are its copies, give up
-- the terms that it has too: who shares one with them shares it with that one. When that one goes, the oldest of them takes its place.
-- (A copy that was told apart from the one that stands there by then, since both went on from one that is gone, may be left out: it is
-- not found by later articles, and loses nothing else.)

local LOOKED_AT = 256 -- copies, of which one takes the place of an article that goes

-- A posting list without `own`, in whose place `heir` comes, if one is given and is not in it; an empty one is left out.
local function replace_in_list(bucket, term, own, heir)
  local key, field = place_of(bucket, term)
  local kept, chunk, part, held = {}, 0, nil, false
  repeat
    part = redis.call('HGET', key, chunk_field(field, chunk)) or ''
    for place = 1, #part, SEQ do
      local packed = string.sub(part, place, place + SEQ - 1)
      held = held or packed == own
      if packed ~= own and packed ~= heir then
        table.insert(kept, packed)
      end
    end
    chunk = chunk + 1
  until #part < CHUNK
  if not held then
    return
  end
  if heir then
    local place, seq = 1, struct.unpack('<I4', heir)
    while kept[place] and struct.unpack('<I4', kept[place]) < seq do
      place = place + 1
    end
    table.insert(kept, place, heir)
  end
  for number = 0, chunk - 1 do
    local name = chunk_field(field, number)
    local first = number * CHUNK / SEQ + 1
    local rest = table.concat(kept, '', first, math.max(first - 1, math.min(first + CHUNK / SEQ - 1, #kept)))
    if rest == '' then
      take_out(bucket, key, name)
    else
      put(bucket, key, name, rest)
    end
  end
end

local function save_size(bucket)
  if bucket.begun then
    redis.call('HSET', bucket.key, 'fields', bucket.fields)
  end
end

local function each_term(terms)
  local at = 1 - TERM
  return function()
    at = at + TERM
    return at <= #terms and string.sub(terms, at, at + TERM - 1) or nil
  end
end

local function without(terms, others)
  local left_out, left, taken = {}, {}, {}
  for term in each_term(others) do
    left_out[term] = true
  end
  for term in each_term(terms) do
    table.insert(left_out[term] and taken or left, term)
  end
  return table.concat(left), taken
end

-- What stands for an article's words in the posting index, and whether it can stand there for others.
local function standing(seq)
  local state, stage, bucket, words, terms =
    unpack(redis.call('HMGET', article(seq), 'state', 'stage', 'bucket', 'fingerprint', 'terms'))
  local lives = state == 'assigned' or (state == 'pending' and stage ~= 'received')
  return { bucket = bucket or '', words = words or '', terms = terms or '', lives = lives }
end

local function of_same_words(one, other)
  return one.bucket ~= '' and one.bucket == other.bucket and one.words == other.words
end

-- A copy that was handed over gives up the terms that `other`, which it follows, stands for.
local function give_up_terms(seq, other)
  local own, held = standing(seq), standing(other)
  if not (held.lives and of_same_words(own, held)) then
    return
  end
  local bucket, packed = posting_bucket(own.bucket), struct.pack('<I4', seq)
  local left, taken = without(own.terms, held.terms)
  for _, term in ipairs(taken) do
    replace_in_list(bucket, term, packed)
  end
  redis.call('HSET', article(seq), 'terms', left)
  save_size(bucket)
end

local function heir_of(seq, own)
  local other = redis.call('HGET', article(seq), 'other')
  for _, family in ipairs({ other or seq, seq }) do
    for _, copy in ipairs(redis.call('ZRANGE', P .. 'copies:' .. family, 0, LOOKED_AT - 1)) do
      local one = copy ~= tostring(seq) and standing(copy)
      if one and one.lives and of_same_words(own, one) and redis.call('HEXISTS', article(copy), 'copy') == 1 then
        return copy, one
      end
    end
  end
end

-- An article that goes leaves the posting index; the oldest of its copies takes its place there.
local function leave_postings(seq)
  local own = standing(seq)
  if own.bucket == '' then
    return
  end
  local bucket = posting_bucket(own.bucket)
  local heir, its
  if bucket.begun then
    heir, its = heir_of(seq, own)
  end
  for term in each_term(own.terms) do
    replace_in_list(bucket, term, struct.pack('<I4', seq), heir and struct.pack('<I4', heir))
  end
  if heir then
    redis.call('HSET', article(heir), 'terms', without(its.terms, own.terms) .. own.terms)
  end
  save_size(bucket)
end
