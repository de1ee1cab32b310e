-- Takes back the tickets whose lease ran out, and entries put aside whose records were mended. Safe to run twice at once.
-- ARGV   most stalls; most dead letters
-- reply  {moved, ids that are queued again, ids that died, ids of dead letters that had to make room}
-- uses: domain, lanes, dead

local MOST_STRAYS = 100
expect_lanes()
expect_dead()
local most_stalls, most_dead = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = now_ms()
local again, died, lost = {}, {}, {}

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
      redis.call('RPUSH', stray, id)
    end
  end
end

-- Each goes to the front: the last first, so that they keep their order.
for i = #again, 1, -1 do
  requeue_first(again[i])
end

for _, id in ipairs(redis.call('LRANGE', stray, 0, MOST_STRAYS - 1)) do
  redis.call('LREM', stray, 1, id)
  if is_sound(id, 'queued') then
    redis.call('RPUSH', lane_list(redis.call('HGET', ticket_key(id), 'lane')), id)
    note_return(id)
    again[#again + 1] = id
  elseif is_sound(id, 'processing') and redis.call('EXISTS', lock_key(id)) == 0 then
    requeue_first(id)
    again[#again + 1] = id
  else
    redis.call('RPUSH', stray, id)
  end
end

wake_workers(#again)
return { #again + #died, again, died, lost }
