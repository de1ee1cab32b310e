-- Reads the states of consecutive blocks of the index of tickets, up to a bound.
-- args   from: number of a block, or 'latest'; step: 1 or -1
-- reply  {first block, latest block or -1, then for each block that exists: its number, states}
-- uses: ticket_columns, ticket_index
local MOST_BLOCKS = 64
local first, last = ticket_index.range()
if not first then
  return { 0, -1 }
end
local from = args.from == 'latest' and last or args.from
from = args.step > 0 and math.max(from, first) or math.min(from, last)
local reply = { first, last }
for i = 0, math.min(args.count, MOST_BLOCKS) - 1 do
  local block = from + args.step * i
  if block < first or block > last then
    break
  end
  local states = ticket_index.read_column(block, 0, ticket_columns.DETAILS_START)
  if states and states ~= '' then
    reply[#reply + 1] = block
    reply[#reply + 1] = states
  end
end
return reply
