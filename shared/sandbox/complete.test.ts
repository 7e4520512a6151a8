import { describe, expect, test } from 'vitest';
import { complete } from './complete.ts';
import { openDocuments } from './testing/open-documents.ts';

/** What is offered where `|` stands. */
function offered(text: string): { readonly from: number; readonly labels: readonly string[] } {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const { from, options } = complete(null, { text: text.replace('|', ''), line: before.length, col: before.at(-1)!.length + 1 });
  return { from, labels: options.map(({ label }) => label) };
}

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: api\nspec:\n';

describe('completion', () => {
  test.each([
    ['fields of the object itself', 'kind: Service\n|', ['apiVersion', 'metadata', 'spec']],
    ['fields inside a list, without those that are there', `${service}  ports:\n    - name: http\n      |\n      port: 80\n`, ['protocol', 'appProtocol', 'targetPort', 'nodePort']],
    ['the first field of a list item', `${service}  ports:\n  - |`, ['name', 'protocol', 'appProtocol', 'port', 'targetPort', 'nodePort']],
    ['a field of a new item before another', `${service}  ports:\n    - na|\n    - name: http\n      port: 80\n`, ['name', 'protocol', 'appProtocol', 'port', 'targetPort', 'nodePort']],
    ['values of a field', `${service}  type: |`, ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']],
    ['the API of a kind', 'kind: NetworkPolicy\napiVersion: |', ['networking.k8s.io/v1']],
    ['another document of the same file', 'kind: Pod\n---\nkind: NetworkPolicy\nspec:\n  |', ['podSelector', 'ingress', 'egress', 'policyTypes']],
    ['true and false', 'kind: Pod\nspec:\n  hostNetwork: |', ['true', 'false']],
    ['nothing where the path is not known', 'kind: Service\nspec:\n  nonsense:\n    |', []],
    ['nothing inside free maps', 'kind: Service\nspec:\n  selector:\n    |', []],
  ])('offers %s', (_, text, labels) => expect(offered(text).labels).toEqual(labels));

  test('replaces what is typed so far, and only that', () => expect(offered(`${service}  ports:\n    - po|`).from).toBe(7));

  test('knows the names of the cluster', async () => {
    const sandbox = await openDocuments([{ name: 'pod.yaml', text: 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: i }] }\n' }]);
    const { options } = await sandbox.complete({ text: 'kind: Pod\nspec:\n  nodeName: ', line: 3, col: 13 });
    expect(options).toEqual(['a', 'b', 'c'].map((label) => ({ label, detail: 'Node' })));
  });
});

test('the rules that exist because of a Service are counted host by host', async () => {
  const text = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: api, labels: { app: api } }\nspec: { containers: [{ name: c, image: i }] }\n';
  const sandbox = await openDocuments([{ name: 'api.yaml', text }]);
  const { hosts, rules } = await sandbox.causedBy({ ref: { kind: 'Service', namespace: 'default', name: 'api' } });
  expect(hosts.map(({ netns }) => netns)).toEqual(['node/a', 'node/b', 'node/c']);
  expect(rules.length).toBe(hosts[0]!.count);
  expect(rules.every(({ text: rule, why }) => rule !== '' && why !== '')).toBe(true);
});
