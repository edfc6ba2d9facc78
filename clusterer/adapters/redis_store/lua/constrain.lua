-- constrain.lua: stores or lifts a person's lasting correction, with a `corrected` change for the record.
-- @include constraining
--
-- ARGV: key, correction (JSON) or '' to lift it, cluster or '', seqs (comma separated), actor, reason, at (ms).
-- Returns 1 if anything changed.

local one = records(1, #ARGV, { 'key', 'correction', 'cluster', 'seqs', 'actor', 'reason', 'at' })[1]
check_shared_keys()
if not differs(one) then
  return 0
end
guard()
constrain(one)
return 1
