import type { Sandbox } from '../create-sandbox.ts';
import type { Probe } from '../../trace/types.ts';
import { openDocuments } from './open-documents.ts';

const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { replicas: 3, selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] } } }\n';
const web = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { nodeName: a, containers: [{ name: c, image: i }] }\n';
const service = (more: string): string => `apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80 }]${more} }\n`;

/** Pod web on node a asks the Service api. */
export const webToApi: Probe = { from: 'pod/web', to: 'service/default/api', port: 80 };

/** Three api pods behind the Service api, and the pod web on node a; `more` is written into the Service's spec, each of `extra` is a document of its own. */
export const openApiLab = (more = '', ...extra: readonly string[]): Promise<Sandbox> =>
  openDocuments([deployment, web, service(more), ...extra].map((text, i) => ({ name: `${i}.yaml`, text })));
