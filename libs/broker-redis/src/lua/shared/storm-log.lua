-- The storm log: a stream, whose ids are its order and the store's own clock.
-- uses: store

storm_log.key = store.key('storm:log')
-- The rules in force, as the log has them.
storm_log.rules = store.key('storm:rules')
-- {last: id of the last entry that it covers, generation: name of its parts, parts: their number; spare: the generation that is dropped when the
-- next snapshot is written}
storm_log.snapshot = store.key('storm:snapshot')

-- The parts of one snapshot by their numbers, JSON.
function storm_log.snapshot_parts(generation)
  return store.key('storm:snapshot:' .. generation)
end

-- {state: of the burst detector, last: id of the last entry that the state covers, seen: id of the last entry that was searched for bursts}
storm_log.bursts = store.key('storm:bursts')

function storm_log.expect()
  store.expect('stream', storm_log.key)
end

function storm_log.write(json)
  return redis.call('XADD', storm_log.key, '*', 'e', json)
end

-- Entries after the last one that a reader knows ('' for none), up to a limit: 'next', then (id, JSON) for each; or 'behind' if that entry is no
-- longer in the log: trimmed, or lost with the store's memory. The reader then has to load the log again.
function storm_log.entries_after(last, most)
  local found
  if last == '' then
    found = redis.call('XRANGE', storm_log.key, '-', '+', 'COUNT', most)
  else
    found = redis.call('XRANGE', storm_log.key, last, '+', 'COUNT', most + 1)
    if not found[1] or found[1][1] ~= last then
      return { 'behind' }
    end
  end
  local page = { 'next' }
  for _, entry in ipairs(found) do
    if entry[1] ~= last then
      page[#page + 1] = entry[1]
      page[#page + 1] = entry[2][2] or ''
    end
  end
  return page
end
