-- Takes tickets whose records have expired out of the index, some places at a time, from the first block to the latest and then again; drops blocks, but not
-- the latest, once they have no ticket.
-- args   limit: how many places of a block to look at
-- reply  1 if there are more until the end of the index, else 0
-- uses: store, numbers, tickets, ticket_columns, ticket_index

store.allow_writes_when_full()
local first, last, next_number = ticket_index.range()
if not first or last < 0 then
  return 0
end
local from = numbers.count_of(redis.call('HGET', ticket_index.head, 'pruned'))
if from < first * ticket_columns.BLOCK_SIZE or from >= next_number then
  from = first * ticket_columns.BLOCK_SIZE
end
local block = math.floor(from / ticket_columns.BLOCK_SIZE)
local base = block * ticket_columns.BLOCK_SIZE
local stop = math.min(from + args.limit, base + ticket_columns.BLOCK_SIZE, next_number)

local function state_of_block()
  return ticket_index.read_column(block, 0, ticket_columns.DETAILS_START)
end

local state = state_of_block() or ''
local ids = redis.pcall('LRANGE', ticket_index.ids(block), from - base, stop - base - 1)
if not ids.err then
  for number = from, stop - 1 do
    if (string.byte(state, number - base + 1) or 0) > 0 then
      local id = ids[number - from + 1]
      -- A ticket that came later under the same id has another number. One with a corrupt record keeps its place.
      local found = id and redis.pcall('HGET', tickets.key(id), 'number')
      if type(found) ~= 'table' and found ~= numbers.whole(number) then
        ticket_index.remove(numbers.whole(number))
      end
    end
  end
end

if block < last and stop == base + ticket_columns.BLOCK_SIZE then
  local left = state_of_block()
  if left and not string.find(left, '[^%z]') then
    redis.call('UNLINK', ticket_index.ids(block), ticket_index.columns(block))
  end
end
local lowest = first
while lowest < math.min(last, first + args.limit) and redis.call('EXISTS', ticket_index.columns(lowest)) == 0 do
  lowest = lowest + 1
end
redis.call('HSET', ticket_index.head, 'first_block', numbers.whole(lowest), 'pruned', numbers.whole(stop))
return stop < next_number and 1 or 0
