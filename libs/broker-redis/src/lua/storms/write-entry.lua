-- Writes an entry of the burst detector to the storm log: a suspected incident, or the common matters.
-- args   entry: JSON
-- reply  {'written'}
-- uses: store, storm_log

store.allow_writes_when_full()
storm_log.expect()
storm_log.write(args.entry)
return { 'written' }
