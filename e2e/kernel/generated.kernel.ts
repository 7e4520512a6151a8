import { describe, expect } from 'vitest';
import { generateCase, type Backend } from './generate-cluster.ts';
import { kernelHere, kernelTest, labPool, missingBackend } from './lab-pool.ts';
import { questionsOf } from './questions.ts';
import { inWords, runCase } from './run-case.ts';

const cases = Number(process.env['PODHOP_KERNEL_CASES'] ?? 300);
const seed = Number(process.env['PODHOP_KERNEL_SEED'] ?? 1);
const backends: readonly Backend[] = ['iptables-nft', 'nftables', 'iptables-legacy'];
const LABS = 3;

describe.concurrent(`generated clusters, seeds ${seed} to ${seed + cases - 1} (${kernelHere})`, () => {
  const inLab = labPool(LABS);
  for (let i = 0; i < cases; i++) {
    const one = generateCase(seed + i, backends[(seed + i) % backends.length]!);
    kernelTest(missingBackend(one.backend), `seed ${one.seed}, ${one.backend}: kernel and engine agree`, () => inLab(async (lab) => {
      const failures = await runCase(lab, one, questionsOf);
      expect(failures.map(inWords)).toEqual([]);
    }));
  }
});
