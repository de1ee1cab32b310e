-- Deletes a dead letter and its ticket.
-- reply  {'removed'} | {'not_found'}
-- uses: dead_letters
dead_letters.expect()
if redis.call('ZREM', dead_letters.all, args.id) == 0 then
  return { 'not_found' }
end
dead_letters.delete_ticket(args.id)
return { 'removed' }
