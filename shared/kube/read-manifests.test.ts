import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

const shared = join(import.meta.dirname, '../../../shared/manifests');
const filesBelow = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)]));

describe('real manifests', () => {
  test.runIf(existsSync(shared))('every file of the sample manifests is read without an error or a warning', () => {
    const byFile = filesBelow(shared).map((path) => readManifests([{ name: path, text: readFileSync(path, 'utf8') }]));
    expect(byFile.flatMap((m) => m.problems.map(formatProblem))).toEqual([]);
    expect(Math.max(...byFile.map((m) => m.objects.length))).toBe(35);
  });
});
