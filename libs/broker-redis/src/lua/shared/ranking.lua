-- Rankings that callers made (agent-registry): whom they give a ticket, if they still hold.

-- The agents that a ranking speaks of: ARGV[first] says how many, then (agent, capacity) for each. Answers where they end.
local before_ranked
local function read_agents(first)
  before_ranked = first - 1
  return first + 1 + 2 * ARGV[first]
end

-- Loads as far as they were asked for, with what this command gives away itself.
local load_now = {}

local function has_room(number)
  local at = before_ranked + 2 * number
  local agent = ARGV[at]
  if not load_now[agent] then
    load_now[agent] = load_of(agent)
  end
  return load_now[agent] < tonumber(ARGV[at + 1]) and agent
end

-- Whom a ranking gives a ticket: the first candidate that still has a slot; '' if there is none and nobody else has one;
-- nil if the ranking is out of date. Candidates, best first, and those who lack only a slot are numbers of agents ('2 1').
local function choose(candidates, busy)
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

-- Counts what this command is going to give away.
local function count_given(agent)
  load_now[agent] = load_now[agent] + 1
end
