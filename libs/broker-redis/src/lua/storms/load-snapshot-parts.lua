-- Reads parts of a snapshot of the storm log, starting at the number `first`.
-- reply  {part, ...}: up to the first that is missing
-- uses: store, numbers, storm_log
local name = storm_log.snapshot_parts(args.generation)
store.expect('hash', name)
local found = {}
for number = args.first, args.first + args.limit - 1 do
  local part = redis.call('HGET', name, numbers.whole(number))
  if not part then
    break
  end
  found[#found + 1] = part
end
return found
