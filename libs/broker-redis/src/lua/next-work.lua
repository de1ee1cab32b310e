-- Whether there is something to claim.
-- reply  in how many ms there will be, 0 for now; '' if nobody knows
-- uses: domain, lanes

expect_lanes()
local next_due
local now = now_ms()
for _, lane in ipairs(LANES) do
  if redis.call('LLEN', lane_list(lane)) > 0 then
    return '0'
  end
  local due = tonumber(redis.call('ZRANGE', delayed(lane), 0, 0, 'WITHSCORES')[2])
  if due and (not next_due or due < next_due) then
    next_due = due
  end
end
return next_due and whole(math.max(0, next_due - now)) or ''
