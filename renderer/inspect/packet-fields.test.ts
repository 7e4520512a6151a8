import { expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { buildTimeline } from '../scene/timeline.ts';
import { packetFields } from './packet-fields.ts';

const pod = (name: string, node: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { clusterIP: 10.96.0.10, selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n';

test('each field says who set it: the sender, or the rule that rewrote it', async () => {
  const sandbox = createSandbox();
  await sandbox.open({ documents: [{ name: 'shop.yaml', text: [pod('web', 'a'), pod('api', 'b'), service].join('---\n') }], title: 'Shop' });
  const { journey, glossary } = await sandbox.ask({ probe: { from: 'pod/default/web', to: 'service/default/api', port: 80 } });
  const timeline = buildTimeline(journey, 0, glossary);
  const arrived = timeline.moments.findIndex(({ kind }) => kind === 'deliver');
  const said = Object.fromEntries(packetFields(timeline, arrived, journey.probe).map(({ layer, name, value, by }) => [`${layer} ${name}`, `${value} — ${by}`]));
  expect(said['Network Source']).toBe('10.244.1.2 — web, at the start');
  expect(said['Network Destination']).toMatch(/^10\.244\.2\.2 — Node a: Destination rewritten/);
  expect(said['Transport Destination port']).toMatch(/^8080 — Node a: Destination rewritten/);
  expect(said['Transport Source port']).toMatch(/ — web, at the start$/);
  expect(said['Transport Kind']).toBe('TCP SYN — web, at the start');
});
