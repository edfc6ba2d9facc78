-- claim_job.lua: take or keep a job's lease. ARGV: job, worker, lease (ms). Returns 1, or 0 while another worker has it.

local key = P .. 'job:' .. ARGV[1]
if held_by_another(key, ARGV[2], ARGV[3]) then
  return 0
end
redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
return 1
