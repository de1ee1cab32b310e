-- Reads other columns of blocks of the index of tickets.
-- args   details, origin: whether to read these; requester: its bytes, without which a block is not wanted; '' for any
-- reply  for each block {details or '', origin or ''}, or {} where it is not wanted or corrupt
-- uses: ticket_columns, ticket_index
local replies = {}
for i, block in ipairs(args.blocks) do
  local details = not args.details and '' or ticket_index.read_column(block, ticket_columns.DETAILS_START, ticket_columns.ORIGIN_START)
  local origin = not args.origin and '' or ticket_index.read_column(block, ticket_columns.ORIGIN_START, ticket_columns.END)
  -- Found where it does not stand as a requester, the block is read for nothing.
  local is_wanted = details and origin and (args.requester == '' or string.find(origin, args.requester, 1, true))
  replies[i] = is_wanted and { details, origin } or {}
end
return replies
