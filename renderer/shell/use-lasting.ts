import { useEffect, useState } from 'react';

/** True once something has gone on for 300 ms: what is quicker needs no word (LOOKS.md "States"). */
export function useLasting(on: boolean): boolean {
  const [since, setSince] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => setSince(true), 300);
    return () => {
      clearTimeout(timer);
      setSince(false);
    };
  }, [on]);
  return on && since;
}
