-- Confirms, resolves or rejects an incident, for an operator. Its members are settled afterwards.
-- args   action: 'confirm', 'resolve' or 'reject'; entry: of the storm log, JSON; complete_doubtful: whether doubtful members are completed with the others
-- reply  {'done', incident (JSON)} | {'not_found'} | {'not_allowed', status}
-- uses: contract, incident_status, store, clock, numbers, outbox, incidents, storm_log

store.allow_writes_when_full()
local id, action = args.id, args.action
local status = contract.OPERATOR_ACTIONS[action].to
storm_log.expect()
incidents.expect_all()
incidents.expect(id)
outbox.expect()
local name = incidents.key(id)
local found = redis.call('HMGET', name, 'status', 'epoch', 'last_member_ms', 'quiet_ms')
local before = found[1]
local now = clock.now_ms()
if not before then
  return incidents.is_gone(id) and { 'not_allowed', 'gone' } or { 'not_found' }
end
-- A suspected incident without a new member for so long has ended for all readers of the log, whether or not its record shows it yet.
local is_gone = before == incident_status.suspected and now - tonumber(found[3] or '0') >= tonumber(found[4] or '0')
if is_gone or not incidents.operator_may(action, before) then
  return { 'not_allowed', is_gone and 'gone' or before }
end
local epoch = numbers.whole(numbers.count_of(found[2]) + 1)
storm_log.write(args.entry)
incidents.set_status(id, status, epoch)
redis.call('HSET', name, status == incident_status.open and 'opened_ms' or 'closed_ms', numbers.whole(now))
if status == incident_status.resolved then
  -- Fixed now, because members may be settled later and by another process.
  local main = {}
  for category in pairs(incidents.main_categories(incidents.fields(id))) do
    main[#main + 1] = category
  end
  redis.call('HSET', name, 'complete_doubtful', args.complete_doubtful and '1' or '0', 'main_categories', table.concat(main, ' '))
end
incidents.settle_later(id)
if status ~= incident_status.rejected then
  local kind = status == incident_status.open and 'incident.opened' or 'incident.resolved'
  incidents.emit(kind, kind .. ':' .. id, id, now)
end
return { 'done', incidents.json(id) .. '}' }
