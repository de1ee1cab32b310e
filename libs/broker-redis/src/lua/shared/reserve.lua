-- Lets a command write also where Redis is full (`maxmemory`): tickets inside must be worked on, completed and forgotten, or nothing ever makes
-- room. Redis refuses the first write of a script that could take memory, and lets a script that has written go on; what takes away is never
-- refused. So an empty removal comes first: nothing has this key. Not for what brings new tickets in: see `room`.
redis.pcall('SREM', KEYS[1] .. 'reserve', '')
