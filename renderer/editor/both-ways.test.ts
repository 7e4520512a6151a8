import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { differenceOf } from './changed-lines.ts';
import { thingAtLine } from './thing-at-line.ts';

const text = `apiVersion: v1
kind: Service
metadata: { name: api }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: c, image: i }] }
`;

describe('the manifests and the map', () => {
  test.each([[2, /^service\/default\/api$/], [9, /^pod\/default\/api-[a-z0-9]+-[a-z0-9]{5}$/]])('line %i stands for %s', async (line, id) => {
    const sandbox = createSandbox();
    const { cluster } = await sandbox.open({ documents: [{ name: 'api.yaml', text }], title: 'x' });
    expect(thingAtLine(cluster, 'api.yaml', line)).toMatch(id);
    expect(thingAtLine(cluster, 'other.yaml', line)).toBeNull();
  });

  test('replacing only what differs makes the other text', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (before, after) => {
      const { from, to, insert } = differenceOf(before, after);
      expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
    }));
  });

  test('an inserted line is all that is replaced', () => expect(differenceOf('a\nc\n', 'a\nb\nc\n')).toEqual({ from: 2, to: 2, insert: 'b\n' }));
});
