/** What Redis keeps of one incident: its hash, how each member joined, and which categories are counted. */
interface IncidentKeys {
  readonly fields: Readonly<Record<string, string>>;
  readonly similarity: Readonly<Record<string, string>>;
  readonly counted: Readonly<Record<string, string>>;
}

/** Members of an incident that are doubtful, independently of the engine: by the mark that they joined with, or by their category. */
export function doubtfulMembers({ fields, similarity, counted }: IncidentKeys): string[] {
  const counts = new Map<string, number>();
  for (const category of Object.values(counted)) counts.set(category, (counts.get(category) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const atTheEnd = (fields['main_categories'] ?? '').split(' ').filter((name) => name !== '');
  const main = atTheEnd.length > 0 ? atTheEnd : [...counts].filter(([, count]) => count === most).map(([name]) => name);
  return Object.entries(similarity).flatMap(([id, joined]) => {
    const category = counted[id];
    const isMarked = /^\S+ [!-][a-z]/.test(joined);
    return isMarked || (category !== undefined && !main.includes(category)) ? [id] : [];
  });
}
