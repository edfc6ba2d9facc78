-- regroup.lua: merges, splits and moves, all steps in order or none, and the corrections that keep them so.
-- @include constraining
--
-- ARGV: epoch or '' (a person), generation, at (ms), number of corrections, per correction the seven arguments of constrain.lua, then
-- per step: kind (merged | split | moved), source, target, actor, reason,
-- revision that `source` must have or '', number of seqs, the seqs.
-- Returns 1, or 0 when a cluster or member is not as the steps assume. FENCED, STALEGEN, REVISION: nothing was written.
-- A rehearsal on a copy of the few facts concerned goes first, since a later step may build on an earlier one.

local epoch, gen, at = unpack(ARGV, 1, 3)
local refused = refusal(epoch, gen)
if refused then
  return refused
end
check_shared_keys()

local CORRECTION = { 'key', 'correction', 'cluster', 'seqs', 'actor', 'reason', 'at' }
local STEP = { 'kind', 'source', 'target', 'actor', 'reason', 'revision', 'count' }
local corrections = records(5, 4 + #CORRECTION * ARGV[4], CORRECTION)

local function parse()
  local steps, i = {}, 5 + #CORRECTION * #corrections
  while i <= #ARGV do
    local step = records(i, i, STEP)[1]
    i, step.seqs = i + #STEP, {}
    for k = 1, step.count do -- one by one: there may be more than a call takes
      step.seqs[k] = ARGV[i + k - 1]
    end
    i = i + step.count
    table.insert(steps, step)
  end
  return steps
end

-- Rehearsal ---------------------------------------------------------------------------------------------------------------------

local size, owner, absorbed = {}, {}, {}

local function rehearsed_size(cid)
  size[cid] = size[cid] or size_of(gen, cid)
  return size[cid]
end

local function rehearsed_owner(seq)
  local cid = owner[seq] or redis.call('HGET', gkey(gen, 'assign'), seq)
  -- Owners of a cluster absorbed whole are not listed one by one.
  return cid and (absorbed[cid] or cid)
end

local function wrong_revision(step)
  local revision = redis.call('HGET', cluster_key(gen, step.source), 'rev')
  return step.revision ~= '' and revision and step.revision ~= revision
end

local function owned(step)
  local seen = {}
  for _, seq in ipairs(step.seqs) do
    if seen[seq] or rehearsed_owner(seq) ~= step.source then
      return false
    end
    seen[seq] = true
  end
  return true
end

-- Whether the target is an id that the source took in, which a split may give back.
local function comes_back(step)
  return redis.call('HGET', gkey(gen, 'alias'), step.target) == step.source
end

local function target_fits(step)
  if step.kind == 'split' then
    return not size[step.target] and (not ever_issued(gen, step.target) or comes_back(step))
  end
  return rehearsed_size(step.target) > 0
end

local function rehearse(step)
  local whole = step.kind == 'merged'
  if step.source == step.target or rehearsed_size(step.source) == 0 or not owned(step) or not target_fits(step) then
    return false
  end
  if not whole and #step.seqs == 0 then
    return false
  end
  local n = whole and size[step.source] or #step.seqs
  size[step.source] = size[step.source] - n
  size[step.target] = (size[step.target] or 0) + n
  if whole then
    absorbed[step.source] = step.target
    for from, to in pairs(absorbed) do
      absorbed[from] = to == step.source and step.target or to
    end
  end
  for _, seq in ipairs(step.seqs) do
    owner[seq] = step.target
  end
  return true
end

-- The real thing ----------------------------------------------------------------------------------------------------------------

local function merge(step)
  local seqs = absorb(gen, step.source, step.target, at)
  record('merged', step.source, seqs, gen, at, step.target, step.actor, step.reason)
end

local function move(step)
  local source, target = step.source, step.target
  local back = step.kind == 'split' and comes_back(step)
  if back then
    revive(gen, target)
  elseif step.kind == 'split' then
    found(gen, target, source)
  end
  for _, seq in ipairs(step.seqs) do
    leave(gen, source, seq)
    enter(gen, target, seq)
  end
  settle(gen, target, at)
  record(step.kind, target, step.seqs, gen, at, source, step.actor, step.reason)
  if size_of(gen, source) > 0 then
    respan(gen, source)
    settle(gen, source)
  else
    retire(gen, source, target)
    record('retired', source, {}, gen, at, target, step.actor, step.reason)
  end
  if back then
    mark_pins() -- one on the id that came back is its own again
  end
end

local steps = parse()
for _, step in ipairs(steps) do
  if wrong_revision(step) then
    return redis.error_reply('REVISION cluster ' .. step.source .. ' has changed: look again')
  end
end
for _, step in ipairs(steps) do
  if not rehearse(step) then
    return 0
  end
end
guard()
for _, step in ipairs(steps) do
  if step.kind == 'merged' then
    merge(step)
  else
    move(step)
  end
end
for _, one in ipairs(corrections) do
  if differs(one) then
    constrain(one)
  end
end
return 1
