-- Some parts of a snapshot of the storm log, one after the other.
-- ARGV   its generation; number of the first part, from 0; most parts
-- reply  {part, ...}: up to the first that is missing
-- uses: domain, storm-log

local name = snapshot_parts(ARGV[1])
expect('hash', name)
local found = {}
for number = tonumber(ARGV[2]), ARGV[2] + ARGV[3] - 1 do
  local part = redis.call('HGET', name, whole(number))
  if not part then
    break
  end
  found[#found + 1] = part
end
return found
