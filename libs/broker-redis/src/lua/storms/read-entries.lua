-- Reads the storm log.
-- reply  see `storm_log.entries_after`
-- uses: storm_log
storm_log.expect()
return storm_log.entries_after(args.last, args.limit)
