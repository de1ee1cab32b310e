-- Sizes and ages of the queue.
-- reply  {{size of each lane}, age of the oldest queued ticket in ms or '', in process, {waiting by category}, dead letters, events in the outbox}
-- uses: contract, ticket_status, clock, numbers, tickets, queue, agents, dead_letters, outbox
local LOOKED_AT = 16
queue.expect()
agents.expect()
dead_letters.expect()
outbox.expect()

local oldest = tonumber(redis.call('ZRANGE', queue.requeued, 0, 0, 'WITHSCORES')[2])
local sizes = {}
for _, lane in ipairs(contract.LANES) do
  sizes[#sizes + 1] = redis.call('LLEN', queue.lane(lane)) + redis.call('ZCARD', queue.delayed(lane))
  -- Requeued tickets are at the front; behind them, arrivals are in order.
  for _, id in ipairs(redis.call('LRANGE', queue.lane(lane), 0, LOOKED_AT - 1)) do
    if tickets.is_sound(id, ticket_status.queued) and not redis.call('ZSCORE', queue.requeued, id) then
      local received = tonumber(redis.call('HGET', tickets.key(id), 'received_ms'))
      if not oldest or received < oldest then
        oldest = received
      end
      break
    end
  end
end
local lines = {}
for _, category in ipairs(contract.CATEGORIES) do
  lines[#lines + 1] = redis.call('ZCARD', agents.line(category))
end
return {
  sizes,
  oldest and numbers.whole(math.max(0, clock.now_ms() - oldest)) or '',
  redis.call('LLEN', queue.processing),
  lines,
  redis.call('ZCARD', dead_letters.all), redis.call('ZCARD', outbox.due),
}
