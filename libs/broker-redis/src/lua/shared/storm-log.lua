-- The storm log: a stream, whose ids are its order and the store's own clock.
-- uses: store

storm_log.key = store.key('storm:log')
-- The rules in force, as the log has them.
storm_log.rules = store.key('storm:rules')
-- {last: id of the entry up to which it speaks, generation: which parts it has, parts: how many; spare: the generation that is dropped when the
-- next snapshot is written}
storm_log.snapshot = store.key('storm:snapshot')

-- The parts of one snapshot by their numbers, JSON.
function storm_log.snapshot_parts(generation)
  return store.key('storm:snapshot:' .. generation)
end

-- {state: of the burst detector, last: id of the entry up to which it goes, seen: id of the entry up to which bursts were looked for}
storm_log.bursts = store.key('storm:bursts')

function storm_log.expect()
  store.expect('stream', storm_log.key)
end

function storm_log.write(json)
  return redis.call('XADD', storm_log.key, '*', 'e', json)
end

-- Entries after the one that a reader knows last ('' for none), at most so many: 'next', then (id, JSON) for each; or 'behind', if that one is no
-- longer there: trimmed, or lost with the store's memory. The reader then has to begin again.
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
