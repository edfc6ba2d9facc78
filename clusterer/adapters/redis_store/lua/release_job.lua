-- release_job.lua: give a job's lease up early. ARGV: job, worker.

local key = P .. 'job:' .. ARGV[1]
if redis.call('GET', key) == ARGV[2] then
  redis.call('DEL', key)
end
return 1
