/** What a figure is to be: at most, or at least, so much. */
export interface Goal { readonly most?: number; readonly least?: number }

/** One printed figure. */
export interface Row { readonly label: string; readonly unit: string; readonly value: number; readonly goal?: Goal }

export const row = (label: string, unit: string, value: number, goal?: Goal): Row => ({ label, unit, value, ...(goal === undefined ? {} : { goal }) });

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

// Rules are compiled and indexed when first met, and the JIT needs its own time: both are warm-up, not throughput.
const WARM_UP_MS = 3000;

/** Runs per second: the median of five windows of a fifth of `windowMs` each, after a warm-up. */
export function perSecond(run: () => void, windowMs = 1500): number {
  const rates: number[] = [];
  run();
  for (const start = performance.now(); performance.now() - start < WARM_UP_MS;) run();
  for (let window = 0; window < 5; window++) {
    const start = performance.now();
    let n = 0;
    do {
      run();
      n++;
    } while (performance.now() - start < windowMs / 5);
    rates.push((n * 1000) / (performance.now() - start));
  }
  return median(rates);
}

/** Milliseconds of one run: the median of `times` after one warm-up. A number returned by `run` is taken instead of the whole. */
export function milliseconds(run: () => number | void, times = 5): number {
  run();
  return median(Array.from({ length: times }, () => {
    const start = performance.now();
    const own = run();
    return typeof own === 'number' ? own : performance.now() - start;
  }));
}

const digits = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2));

/** The goal and whether the figure meets it; '' where there is none. */
function verdict({ value, goal }: Row): string {
  if (goal === undefined) return '';
  const { most, least } = goal;
  const met = (most === undefined || value <= most) && (least === undefined || value >= least);
  return `   goal ${most === undefined ? `≥ ${least}` : `≤ ${most}`}: ${met ? 'met' : 'NOT MET'}`;
}

/** Figures as aligned lines, each with its goal where it has one. */
export const printRows = (rows: readonly Row[]): string => rows.map((one) => `${one.label.padEnd(92)} ${digits(one.value).padStart(10)} ${one.unit}${verdict(one)}`).join('\n');
