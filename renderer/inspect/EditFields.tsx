import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ObjectRef } from '../../shared/base/object-ref.ts';
import type { ClusterEdit, PortEdit, ServiceFields } from '../../shared/model/edit/types.ts';
import type { Cluster, Labels, Node, Pod, ProxyMode, Service, Settings } from '../../shared/model/types.ts';
import { useWorld } from '../state/use-world.ts';
import { podNetworks, proxyModes } from '../state/cluster-commands.ts';
import { Icon } from '../theme/Icon.tsx';

const change = (edit: ClusterEdit): void => void useWorld.getState().actions.applyEdit(edit);

interface FieldProps { readonly label: string; readonly value: string; readonly parse: (typed: string) => ClusterEdit | null; readonly hideLabel?: boolean; readonly hint?: string; readonly numeric?: boolean }

/** A line of text that becomes an edit with Enter or when it is left; Esc puts back what was there. While nothing is typed in it, it is settled: undo is the cluster's. */
function TextField({ label, value, parse, hideLabel = false, hint, numeric = false }: FieldProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const id = useId();
  const take = (): void => {
    const edit = typed === null || typed.trim() === value ? null : parse(typed.trim());
    setTyped(null);
    if (edit !== null) change(edit);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') take();
    else if (event.key === 'Escape' && typed !== null) setTyped(null);
    else return;
    event.stopPropagation();
  };
  return (
    <>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : ''}>{label}</label>
      <input id={id} value={typed ?? value} data-settled={typed === null ? '' : undefined} inputMode={numeric ? 'numeric' : undefined} placeholder={hint} spellCheck={false} autoComplete="off" className={`ef-input ${numeric ? 'short' : ''}`} onChange={(event) => setTyped(event.target.value)} onBlur={take} onKeyDown={onKeyDown} />
    </>
  );
}

interface ChoiceProps { readonly label: string; readonly value: string; readonly options: readonly (readonly [value: string, words: string])[]; readonly choose: (value: string) => ClusterEdit }

function Choice({ label, value, options, choose }: ChoiceProps): ReactNode {
  const id = useId();
  return (
    <div className="ef-row">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => change(choose(event.target.value))}>
        {options.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
      </select>
    </div>
  );
}

function Switch({ label, on, flip }: { readonly label: string; readonly on: boolean; readonly flip: (on: boolean) => ClusterEdit }): ReactNode {
  return <div className="ef-row"><button type="button" role="switch" aria-checked={on} className="toggle" aria-pressed={undefined} onClick={() => change(flip(!on))}>{label}</button></div>;
}

function AddLabel({ target }: { readonly target: ObjectRef }): ReactNode {
  return (
    <div className="ef-label">
      <TextField key={target.name} label="New label, key=value" hint="key=value" hideLabel value="" parse={(typed) => {
        const [key = '', ...rest] = typed.split('=');
        return key.trim() === '' ? null : { kind: 'set-labels', target, labels: { [key.trim()]: rest.join('=').trim() } };
      }} />
    </div>
  );
}

/** The labels, each with its value to change and a way to take it off; the last line adds one. */
function LabelFields({ target, labels }: { readonly target: ObjectRef; readonly labels: Labels }): ReactNode {
  return (
    <fieldset className="ef-labels">
      <legend>Labels</legend>
      {Object.entries(labels).map(([key, value]) => (
        <div key={key} className="ef-label">
          <code title={key}>{key}</code>
          <TextField label={`Label ${key}`} hideLabel value={value} parse={(typed) => ({ kind: 'set-labels', target, labels: { [key]: typed } })} />
          <button type="button" className="ib small" aria-label={`Take label ${key} off`} title="Take off" onClick={() => change({ kind: 'set-labels', target, labels: { [key]: null } })}><Icon name="close" /></button>
        </div>
      ))}
      <AddLabel target={target} />
    </fieldset>
  );
}

const portOf = (typed: string): number | null => (/^\d{1,5}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 65_535 ? Number(typed) : null);
const targetOf = (typed: string): number | string | null => portOf(typed) ?? (/^[a-z0-9-]{1,15}$/.test(typed) && /[a-z]/.test(typed) ? typed : null);

/** A Service's ports as an edit writes them. */
export const portEdits = ({ ports }: Service): readonly PortEdit[] => ports.map(({ name, protocol, port, targetPort, nodePort }): PortEdit => ({
  ...(name === '' ? {} : { name }), port, targetPort, ...(protocol === 'tcp' ? {} : { protocol: protocol.toUpperCase() as 'UDP' | 'SCTP' }), ...(nodePort === 0 ? {} : { nodePort }),
}));

function PortFields({ service, set }: { readonly service: Service; readonly set: (fields: ServiceFields) => ClusterEdit }): ReactNode {
  const ports = portEdits(service);
  const replace = (at: number, part: Partial<PortEdit>): ClusterEdit => set({ ports: ports.map((port, i) => (i === at ? { ...port, ...part } : port)) });
  return (
    <fieldset className="ef-labels">
      <legend>Ports</legend>
      {ports.map(({ port, targetPort = port, protocol = 'TCP', name = '' }, i) => (
        <div key={`${name} ${protocol} ${port}`} className="ef-port">
          <TextField numeric hideLabel label={`Port ${i + 1}`} value={String(port)} parse={(typed) => (portOf(typed) === null ? null : replace(i, { port: portOf(typed)! }))} />
          <span aria-hidden="true">→</span>
          <TextField numeric hideLabel label={`Target of port ${port}`} value={String(targetPort)} parse={(typed) => (targetOf(typed) === null ? null : replace(i, { targetPort: targetOf(typed)! }))} />
          <span>{protocol}</span>
          {ports.length > 1 && <button type="button" className="ib small" aria-label={`Take port ${port} away`} title="Take away" onClick={() => change(set({ ports: ports.filter((_, other) => other !== i) }))}><Icon name="close" /></button>}
        </div>
      ))}
    </fieldset>
  );
}

function ServiceEditor({ service }: { readonly service: Service }): ReactNode {
  const named = { namespace: service.namespace, name: service.name };
  const set = (fields: ServiceFields): ClusterEdit => ({ kind: 'set-service', service: named, set: fields });
  const policies = [['Cluster', 'Any endpoint'], ['Local', 'Only on the same node']] as const;
  const outside = service.type === 'NodePort' || service.type === 'LoadBalancer';
  return (
    <>
      {service.type !== 'ExternalName' && <Choice label="Type" value={service.type} options={['ClusterIP', 'NodePort', 'LoadBalancer'].map((type) => [type, type])} choose={(type) => set({ type: type as Service['type'] })} />}
      {service.type !== 'ExternalName' && <PortFields service={service} set={set} />}
      {outside && <Choice label="From outside" value={service.externalTrafficPolicy} options={policies} choose={(value) => set({ externalTrafficPolicy: value as 'Cluster' | 'Local' })} />}
      <Choice label="From inside" value={service.internalTrafficPolicy} options={policies} choose={(value) => set({ internalTrafficPolicy: value as 'Cluster' | 'Local' })} />
      <Switch label="Keep each client with its endpoint" on={service.sessionAffinitySeconds !== null} flip={(on) => set({ sessionAffinitySeconds: on ? 10_800 : null })} />
    </>
  );
}

function PodEditor({ pod, cluster }: { readonly pod: Pod; readonly cluster: Cluster }): ReactNode {
  const named = { namespace: pod.namespace, name: pod.name };
  return (
    <>
      <Choice label="Node" value={pod.node} options={[...(pod.node === '' ? [['', 'Not scheduled'] as const] : []), ...cluster.nodes.map(({ name }) => [name, `Node ${name}`] as const)]} choose={(node) => ({ kind: 'move-pod', pod: named, node })} />
      <Switch label="Ready" on={pod.ready} flip={(ready) => ({ kind: 'set-ready', pod: named, ready })} />
      <LabelFields target={{ kind: 'Pod', ...named }} labels={pod.labels} />
    </>
  );
}

/** What all nodes have in common. */
function ClusterFields({ settings }: { readonly settings: Settings }): ReactNode {
  return (
    <fieldset className="ef-labels">
      <legend>Of every node</legend>
      <Choice label="kube-proxy" value={settings.proxyMode} options={proxyModes} choose={(mode) => ({ kind: 'set-proxy-mode', mode: mode as ProxyMode })} />
      <Choice label="Pod network" value={settings.podNetwork} options={podNetworks} choose={(podNetwork) => ({ kind: 'set-pod-network', podNetwork: podNetwork as Settings['podNetwork'] })} />
    </fieldset>
  );
}

function NodeEditor({ node, settings }: { readonly node: Node; readonly settings: Settings }): ReactNode {
  return (
    <>
      <Switch label="Takes new pods" on={!node.unschedulable} flip={(on) => ({ kind: 'cordon', node: node.name, cordoned: !on })} />
      <LabelFields target={{ kind: 'Node', name: node.name }} labels={node.labels} />
      <ClusterFields settings={settings} />
    </>
  );
}

/** What of a thing can be changed in place; null where nothing can. */
function editorOf(cluster: Cluster, id: string): ReactNode {
  const [kind, ...rest] = id.split('/');
  const here = (one: { readonly namespace: string; readonly name: string }): boolean => `${one.namespace}/${one.name}` === rest.join('/');
  const pod = kind === 'pod' ? cluster.pods.find(here) : undefined;
  if (pod !== undefined) return <PodEditor key={id} pod={pod} cluster={cluster} />;
  const service = kind === 'service' ? cluster.services.find(here) : undefined;
  if (service !== undefined) return <ServiceEditor key={id} service={service} />;
  const node = kind === 'node' ? cluster.nodes.find(({ name }) => name === rest[0]) : undefined;
  return node === undefined ? null : <NodeEditor key={id} node={node} settings={cluster.settings} />;
}

/** The fields of a thing that can be changed here; each change is an edit of the manifests and can be undone. */
export function EditFields({ cluster, id }: { readonly cluster: Cluster; readonly id: string }): ReactNode {
  const editor = editorOf(cluster, id);
  return editor === null ? null : <section className="edit-fields"><h2>Change</h2>{editor}</section>;
}
