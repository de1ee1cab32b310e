-- Takes back the tickets whose lease ran out, and entries put aside whose records were mended. Safe to run twice at once.
-- ARGV   most stalls; most dead letters
-- reply  {moved, ids that are queued again, ids that died, ids of dead letters that had to make room, what was served}
-- uses: domain, reserve, lanes, agents, slots, unfinished, dead

local MOST_QUARANTINED = 100
expect_lanes()
expect_dead()
local most_stalls, most_dead = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = now_ms()
local again, died, lost = {}, {}, {}
local back_in_line = 0

for _, id in ipairs(redis.call('LRANGE', processing, 0, -1)) do
  if redis.call('EXISTS', lock_key(id)) == 0 then
    redis.call('LREM', processing, 1, id)
    if is_sound(id, 'processing') then
      local stalls = redis.call('HINCRBY', ticket_key(id), 'stalls', 1)
      if stalls > most_stalls then
        for _, older in ipairs(bury(id, 'stalled', 'Its worker vanished ' .. stalls .. ' times', now, most_dead)) do
          lost[#lost + 1] = older
        end
        died[#died + 1] = id
      else
        again[#again + 1] = id
      end
    else
      redis.call('RPUSH', quarantined, id)
    end
  end
end

-- A ticket that waits for an agent goes back in line, unless the line itself is corrupt.
local function line_up_again(id)
  local category = redis.call('HGET', ticket_key(id), 'category')
  for _, known in ipairs(CATEGORIES) do
    if category == known and pcall(expect_agents) then
      redis.call('ZADD', line(category), wait_key_of(ticket_key(id)), id)
      return true
    end
  end
  return false
end

-- Each goes to the front: the last first, so that they keep their order.
for i = #again, 1, -1 do
  requeue_first(again[i])
end

for _, id in ipairs(redis.call('LRANGE', quarantined, 0, MOST_QUARANTINED - 1)) do
  redis.call('LREM', quarantined, 1, id)
  local lock = type_of(lock_key(id))
  if is_sound(id, 'queued') and (lock == 'none' or lock == 'string') then
    redis.call('RPUSH', lane_list(redis.call('HGET', ticket_key(id), 'lane')), id)
    note_return(id)
    again[#again + 1] = id
  elseif is_sound(id, 'processing') and lock == 'none' then
    requeue_first(id)
    again[#again + 1] = id
  elseif is_sound(id, 'waiting') and line_up_again(id) then
    back_in_line = back_in_line + 1
  else
    redis.call('RPUSH', quarantined, id)
  end
end

wake_workers(#again)
return { #again + #died + back_in_line, again, died, lost, back_in_line > 0 and serve_everybody(now) or {} }
