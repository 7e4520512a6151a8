import { useEffect, useState, type ReactNode } from 'react';
import type { EndpointList, EndpointsView, EndpointUse, ServicePortView } from '../../shared/api/rules-contract.ts';
import { shortName } from '../state/places.ts';
import { currentHost, useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import './rules.css';

/** What a Service's endpoints are as each node sees them; null until the engine answers or where it cannot say. */
function useEndpoints(service: string): EndpointsView | null {
  const edition = useWorld((world) => world.edition);
  const [view, setView] = useState<EndpointsView | null>(null);
  useEffect(() => {
    let left = false;
    currentHost().engine.endpointsOf({ service }).then((one) => left || setView(one), () => left || setView(null));
    return () => {
      left = true;
    };
  }, [service, edition]);
  return view;
}

const nameOf = ({ pod, ip, port }: EndpointUse): ReactNode => <><code>{ip}:{port}</code>{pod === undefined ? '' : ` ${shortName(`pod/${pod}`)}`}</>;

const listWords: Readonly<Record<EndpointList['list'], string>> = { cluster: 'For traffic that may go anywhere', local: 'For traffic that must stay on the node' };

function Ends({ list }: { readonly list: EndpointList }): ReactNode {
  return (
    <ul>
      {list.used.map((one) => <li key={`${one.ip} ${one.port}`}><Icon name="ok" label="Used" /><span>{nameOf(one)}</span></li>)}
      {list.leftOut.map((one) => <li key={`${one.ip} ${one.port}`} className="out"><Icon name="minus" label="Left out" /><span>{nameOf(one)}, {one.why}</span></li>)}
      {list.used.length + list.leftOut.length === 0 && <li className="out"><Icon name="minus" /><span>Nobody stands behind it.</span></li>}
    </ul>
  );
}

const countWords = ({ list, used, leftOut }: EndpointList, alone: boolean): string => `${alone ? 'uses ' : list === 'cluster' ? 'anywhere ' : 'local '}${used.length} of ${used.length + leftOut.length}`;

const sameEverywhere = (port: ServicePortView): boolean => {
  const [first] = port.nodes;
  return port.nodes.every(({ lists }) => JSON.stringify(lists) === JSON.stringify(first?.lists));
};

function Lists({ lists }: { readonly lists: readonly EndpointList[] }): ReactNode {
  return lists.map((list) => (
    <div key={list.list}>
      {lists.length > 1 && <p>{listWords[list.list]}</p>}
      <Ends list={list} />
    </div>
  ));
}

function Port({ port, alone }: { readonly port: ServicePortView; readonly alone: boolean }): ReactNode {
  const title = `${port.port}/${port.protocol}${port.name === '' ? '' : ` ${port.name}`}${port.family === 6 ? ', IPv6' : ''}`;
  const [first] = port.nodes;
  return (
    <>
      {!alone && <p className="mono">{title}</p>}
      {sameEverywhere(port) && first !== undefined ? <><p>Alike on every node.</p><Lists lists={first.lists} /></> : port.nodes.map(({ node, topology, lists }) => (
        <details key={node}>
          <summary><Icon name="right" /><b>{node}</b><span>{lists.map((list) => countWords(list, lists.length === 1)).join(', ')}{topology === 'none' ? '' : `, ${topology.replace('-', ' ')} first`}</span></summary>
          <Lists lists={lists} />
        </details>
      ))}
    </>
  );
}

/** Which endpoints of a Service each node's kube-proxy uses, and why it leaves the others out. */
export function EndpointsByNode({ service }: { readonly service: string }): ReactNode {
  const view = useEndpoints(service);
  if (view === null || view.ports.length === 0) return null;
  return (
    <section className="seen" aria-label="Endpoints by node">
      <h2>Seen from each node</h2>
      {view.ports.map((port) => <Port key={`${port.family} ${port.protocol} ${port.port}`} port={port} alone={view.ports.length === 1} />)}
    </section>
  );
}
