-- How much is where.
-- reply  {urgent, normal, age of the oldest queued ticket in ms or '', in work, waiting for Billing, Technical, Legal, dead, outbox}
-- uses: domain, lanes, agents, unfinished, dead, outbox

local LOOKED_AT = 16
expect_lanes()
expect_agents()
expect_dead()
expect_outbox()

local oldest = tonumber(redis.call('ZRANGE', requeued, 0, 0, 'WITHSCORES')[2])
local sizes = {}
for _, lane in ipairs(LANES) do
  sizes[#sizes + 1] = redis.call('LLEN', lane_list(lane)) + redis.call('ZCARD', delayed(lane))
  -- Those that came back stand in front; behind them, arrivals are in order.
  for _, id in ipairs(redis.call('LRANGE', lane_list(lane), 0, LOOKED_AT - 1)) do
    if is_sound(id, 'queued') and not redis.call('ZSCORE', requeued, id) then
      local received = tonumber(redis.call('HGET', ticket_key(id), 'received_ms'))
      if not oldest or received < oldest then
        oldest = received
      end
      break
    end
  end
end
return {
  sizes[1], sizes[2],
  oldest and whole(math.max(0, now_ms() - oldest)) or '',
  redis.call('LLEN', processing),
  redis.call('ZCARD', line('Billing')), redis.call('ZCARD', line('Technical')), redis.call('ZCARD', line('Legal')),
  redis.call('ZCARD', dead), redis.call('ZCARD', outbox),
}
