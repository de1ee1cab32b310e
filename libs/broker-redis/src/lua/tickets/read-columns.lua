-- Reads other columns of blocks of the index of tickets.
-- args   details, seconds: whether to read these; requester: its bytes, to read requesters of the blocks that have it and nothing of others, or ''
-- reply  for each block {details or '', seconds or '', requesters or ''}, or {} where it is not wanted or corrupt
-- uses: ticket_columns, ticket_index
local replies = {}
for i, block in ipairs(args.blocks) do
  local requesters = args.requester == '' and '' or ticket_index.read_column(block, ticket_columns.REQUESTERS_START, ticket_columns.END)
  replies[i] = {}
  -- Found where none begins, the block is read for nothing.
  if requesters and (args.requester == '' or string.find(requesters, args.requester, 1, true)) then
    local details = not args.details and '' or ticket_index.read_column(block, ticket_columns.DETAILS_START, ticket_columns.SECONDS_START)
    local seconds = not args.seconds and '' or ticket_index.read_column(block, ticket_columns.SECONDS_START, ticket_columns.REQUESTERS_START)
    if details and seconds then
      replies[i] = { details, seconds, requesters }
    end
  end
end
return replies
