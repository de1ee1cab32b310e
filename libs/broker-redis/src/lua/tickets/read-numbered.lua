-- Reads tickets by their numbers in the index.
-- reply  for each number {id, fields}, or {} where there is none
-- uses: tickets, ticket_columns, ticket_index
local replies = {}
for i, number in ipairs(args.numbers) do
  local at = number % ticket_columns.BLOCK_SIZE
  local id = redis.pcall('LRANGE', ticket_index.ids(math.floor(number / ticket_columns.BLOCK_SIZE)), at, at)[1]
  local fields = id and redis.pcall('HGETALL', tickets.key(id))
  replies[i] = fields and not fields.err and { id, fields } or {}
end
return replies
