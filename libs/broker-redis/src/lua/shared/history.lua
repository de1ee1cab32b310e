-- What persons did to a ticket: entries as JSON, a line each, the latest last.
-- uses: contract, clock, tickets

local function json_of(agent)
  return agent and agent ~= '' and cjson.encode(agent) or 'null'
end

-- entry  JSON of action, actor and corrections, without its end
function history.append(id, entry, now, from_agent, to_agent)
  local line = entry .. ',"at":"' .. clock.iso(now) .. '","from_agent":' .. json_of(from_agent) .. ',"to_agent":' .. json_of(to_agent) .. '}'
  local lines = redis.call('HGET', tickets.key(id), 'history')
  if lines then
    local _, ends = string.gsub(lines, '\n', '')
    if ends + 1 >= contract.MAX_HISTORY then
      lines = string.match(lines, '\n(.*)$') or ''
    end
    line = lines .. '\n' .. line
  end
  redis.call('HSET', tickets.key(id), 'history', line)
end

-- note_id  of the alphabet of ticket ids, which JSON does not escape. A quotation mark within a text of an entry has a backslash in front, so that no text looks like it.
function history.has_note(id, note_id)
  local lines = redis.call('HGET', tickets.key(id), 'history')
  return lines and string.find(lines, '"note_id":"' .. note_id .. '"', 1, true) ~= nil
end
