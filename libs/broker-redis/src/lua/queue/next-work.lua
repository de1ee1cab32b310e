-- The time until there is a ticket to claim.
-- reply  in how many ms, 0 for now; '' if nothing is queued
-- uses: contract, clock, numbers, queue
queue.expect()
local next_due
local now = clock.now_ms()
for _, lane in ipairs(contract.LANES) do
  if redis.call('LLEN', queue.lane(lane)) > 0 then
    return '0'
  end
  local due = tonumber(redis.call('ZRANGE', queue.delayed(lane), 0, 0, 'WITHSCORES')[2])
  if due and (not next_due or due < next_due) then
    next_due = due
  end
end
return next_due and numbers.whole(math.max(0, next_due - now)) or ''
