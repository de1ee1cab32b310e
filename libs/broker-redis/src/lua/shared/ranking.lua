-- Rankings that callers made (agent-registry): which agent they give a ticket, if they are still valid.
-- uses: agents

local ranked, before_ranked

-- Sets the agents that rankings refer to by number: list[first] is their number, then (agent, capacity) for each. Returns the index after the last.
function ranking.set_agents(list, first)
  ranked, before_ranked = list, first - 1
  return first + 1 + 2 * list[first]
end

-- Loads that were read, with the slots that this command reserves itself.
local load_now = {}

local function has_room(number)
  local at = before_ranked + 2 * number
  local agent = ranked[at]
  if not load_now[agent] then
    load_now[agent] = agents.load_of(agent)
  end
  return load_now[agent] < tonumber(ranked[at + 1]) and agent
end

-- The agent that a ranking gives a ticket: the first candidate that still has a slot; '' if no agent has one; nil if the ranking is out of date.
-- Candidates, best first, and busy agents, which lack only a slot, are numbers of agents ('2 1').
function ranking.choose(candidates, busy)
  local best = string.match(candidates, '^%d+')
  local agent = best and has_room(best)
  if agent then
    return agent
  end
  for number in string.gmatch(candidates, '%d+') do
    agent = has_room(number)
    if agent then
      return agent
    end
  end
  if best then
    return nil
  end
  for number in string.gmatch(busy, '%d+') do
    if has_room(number) then
      return nil
    end
  end
  return ''
end

-- Counts a slot that this command is about to reserve.
function ranking.count_reserved(agent)
  load_now[agent] = load_now[agent] + 1
end
