-- Requeues tickets whose lease ran out, and quarantined entries whose records are sound again. Safe to run twice at once.
-- reply  {moved, ids that were requeued, ids that died, ids of older dead letters that were dropped, assigned tickets}
-- uses: contract, ticket_status, store, clock, tickets, queue, agents, slots, dead_letters

store.allow_writes_when_full()
local MOST_QUARANTINED = 100
queue.expect()
dead_letters.expect()
local most_stalls, most_dead = args.max_stalls, args.dead_letters_max
local now = clock.now_ms()
local again, died, lost = {}, {}, {}
local back_in_line = 0

for _, id in ipairs(redis.call('LRANGE', queue.processing, 0, -1)) do
  if redis.call('EXISTS', tickets.lock_key(id)) == 0 then
    redis.call('LREM', queue.processing, 1, id)
    if tickets.is_sound(id, ticket_status.processing) then
      local stalls = redis.call('HINCRBY', tickets.key(id), 'stalls', 1)
      if stalls > most_stalls then
        for _, older in ipairs(dead_letters.put(id, 'stalled', 'Its worker vanished ' .. stalls .. ' times', now, most_dead)) do
          lost[#lost + 1] = older
        end
        died[#died + 1] = id
      else
        again[#again + 1] = id
      end
    else
      redis.call('RPUSH', queue.quarantined, id)
    end
  end
end

-- A ticket that waits for an agent goes back in line, unless the line is corrupt.
local function line_up_again(id)
  local category = redis.call('HGET', tickets.key(id), 'category')
  for _, known in ipairs(contract.CATEGORIES) do
    if category == known and pcall(agents.expect) then
      redis.call('ZADD', agents.line(category), agents.wait_key_of(tickets.key(id)), id)
      return true
    end
  end
  return false
end

-- In reverse order, because each goes to the front: so they keep their order.
for i = #again, 1, -1 do
  queue.requeue_first(again[i])
end

for _, id in ipairs(redis.call('LRANGE', queue.quarantined, 0, MOST_QUARANTINED - 1)) do
  redis.call('LREM', queue.quarantined, 1, id)
  local lock = store.type_of(tickets.lock_key(id))
  if tickets.is_sound(id, ticket_status.queued) and (lock == 'none' or lock == 'string') then
    redis.call('RPUSH', queue.lane(redis.call('HGET', tickets.key(id), 'lane')), id)
    queue.note_requeued(id)
    again[#again + 1] = id
  elseif tickets.is_sound(id, ticket_status.processing) and lock == 'none' then
    queue.requeue_first(id)
    again[#again + 1] = id
  elseif tickets.is_sound(id, ticket_status.waiting) and line_up_again(id) then
    back_in_line = back_in_line + 1
  else
    redis.call('RPUSH', queue.quarantined, id)
  end
end

queue.wake_workers(#again)
return { #again + #died + back_in_line, again, died, lost, back_in_line > 0 and slots.assign_all_waiting(now) or {} }
