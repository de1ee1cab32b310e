/** How much longer than the window arrivals stay in milliseconds: a late or repeated ticket still counts. */
export const LATE_MS = 900_000;

/** For so many milliseconds a new burst goes on with a quiet incident, and a new incident names the one that it continues. */
export const CONTINUED_MS = 86_400_000;
