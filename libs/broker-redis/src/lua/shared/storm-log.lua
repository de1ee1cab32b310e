-- The storm log: a stream, whose ids are its order and the store's own clock.

local storm_log = key('storm:log')
-- The rules in force, as the log has them.
local storm_rules = key('storm:rules')
-- {last: id of the entry up to which it speaks, generation: which parts it has, parts: how many; spare: the generation that is dropped when the
-- next snapshot is written}
local storm_snapshot = key('storm:snapshot')

-- The parts of one snapshot by their numbers, JSON.
local function snapshot_parts(generation)
  return storm_snapshot .. ':' .. generation
end

-- {last, state: the same of what was learnt about usual tickets; seen: id of the entry up to which anybody looked for bursts}
local storm_watch = key('storm:watch')

local function expect_storm_log()
  expect('stream', storm_log)
end

local function write_entry(json)
  return redis.call('XADD', storm_log, '*', 'e', json)
end

-- Entries after the one that a reader knows last ('' for none), at most so many: 'next', then (id, JSON) for each; or 'behind', if what it
-- knows last is not there any more: trimmed, or lost with the store's memory. Then nothing can be said but to begin anew.
local function entries_after(last, most)
  local found
  if last == '' then
    found = redis.call('XRANGE', storm_log, '-', '+', 'COUNT', most)
  else
    found = redis.call('XRANGE', storm_log, last, '+', 'COUNT', most + 1)
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
