import { createPrng } from '../../shared/base/prng.ts';

/** A seeded chooser. */
export function chooser(seed: number) {
  const prng = createPrng(seed);
  const below = (n: number): number => Math.floor((prng.next() / 0x1_0000_0000) * n);
  return {
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)]!,
    chance: (p: number): boolean => prng.next() / 0x1_0000_0000 < p,
  };
}
export type Chooser = ReturnType<typeof chooser>;
export type Manifest = Readonly<Record<string, unknown>>;

export const apps = ['web', 'api', 'db'] as const;
export const meta = (name: string, labels: Record<string, string> = {}) => ({ name, namespace: 'default', labels });
