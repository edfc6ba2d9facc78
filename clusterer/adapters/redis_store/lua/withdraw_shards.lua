-- withdraw_shards.lua: the work is done. ARGV: offer.
-- @include shards

if stands(ARGV[1]) then
  guard()
  forget_offer()
end
return 1
