import { afterAll, test } from 'vitest';
import type { Backend } from './generate-cluster.ts';
import { findLab, startLab, type Lab } from './lab-process.ts';

const found = findLab();

/** Why no lab can run here (every way that was tried, in the kernel's or the tool's own words), or null. With KERNEL_ORACLE=required no lab is an error, so that a run cannot be silently green. */
export const missing: string | null = 'reasons' in found ? found.reasons.join(' | ') : null;
if (missing !== null && process.env['KERNEL_ORACLE'] === 'required') throw new Error(`the kernel lab is required here: ${missing}`);

const feature = (backend: Backend): string => (backend === 'nftables' ? 'nft' : backend);

/** Why this back end cannot be tried here, or null. */
export function missingBackend(backend: Backend): string | null {
  if ('reasons' in found) return missing;
  if (found.check.have[feature(backend)] === true) return null;
  const why = `${feature(backend)}: ${found.check.why[feature(backend)] ?? 'not tried'}`;
  if (process.env['KERNEL_ORACLE'] === 'required') throw new Error(`the kernel lab is required here: ${why}`);
  return why;
}

export const kernelHere = 'reasons' in found ? 'no kernel' : `Linux ${found.check.kernel}`;

/** So many labs; a test takes a free one and waits where there is none. */
export function labPool(size: number): <T>(use: (lab: Lab) => Promise<T>) => Promise<T> {
  const labs: Lab[] = [];
  const free: Lab[] = [];
  const waiting: ((lab: Lab) => void)[] = [];
  afterAll(async () => { await Promise.all(labs.map((lab) => lab.close())); });
  const take = async (): Promise<Lab> => {
    const one = free.pop();
    if (one) return one;
    if (labs.length === size || 'reasons' in found) return new Promise((resolve) => waiting.push(resolve));
    const lab = startLab(found);
    labs.push(lab);
    return lab;
  };
  return async (use) => {
    const lab = await take();
    try {
      return await use(lab);
    } finally {
      const next = waiting.shift();
      if (next) next(lab);
      else free.push(lab);
    }
  };
}

/** A test that is counted as skipped, with the reason, where `why` is not null. */
export function kernelTest(why: string | null, name: string, run: () => Promise<void>): void {
  test(name, async (context) => {
    if (why !== null) return context.skip(why);
    await run();
  });
}
